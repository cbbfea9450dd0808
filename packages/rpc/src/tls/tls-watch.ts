import { isDeepStrictEqual } from 'node:util'
import type { Log } from '../call/log.ts'
import { timerDelay } from '../call/max-timer.ts'
import { type Certificates, checkCertificates, readFiles, type TlsFiles } from './tls-files.ts'

/** Certificates that are reloaded when their files change. */
export interface TlsWatch {
  /** The newest valid ones. */
  readonly current: Certificates
  close(): void
}

/**
 * Reads certificates, and reads them again every `refreshMs`. It compares contents, as file system watchers miss symbolic
 * links that are swapped, which is how Kubernetes updates a secret. Files that are unreadable, half-written or do not match
 * each other change nothing and are logged once. Throws where the files are invalid at the start.
 */
export function watchTls(files: TlsFiles, log: Log, onChange: (next: Certificates) => void): TlsWatch {
  const refreshMs = timerDelay('tls.refreshMs', files.refreshMs ?? 10_000)
  let current = readFiles(files)
  checkCertificates(files, current)
  let previous = current
  let problem: string | undefined

  const reload = () => {
    try {
      const found = readFiles(files)
      // The writer may be half-way through, so a change counts once two reads in a row agree.
      const isSettled = isDeepStrictEqual(found, previous)
      previous = found
      if (!isSettled) return
      if (!isDeepStrictEqual(found, current)) {
        checkCertificates(files, found)
        current = found
        onChange(found)
        log.info(pathsOf(files), 'new certificates are in use')
      }
      problem = undefined
    } catch (error) {
      const { message } = error as Error
      if (message !== problem) log.error({ err: error, ...pathsOf(files) }, 'the former certificates stay in use')
      problem = message
    }
  }
  const timer = setInterval(reload, refreshMs).unref()

  return {
    get current() {
      return current
    },
    close: () => clearInterval(timer),
  }
}

function pathsOf({ ca, cert, key }: TlsFiles) {
  return { ca, cert, key }
}
