import { isDeepStrictEqual } from 'node:util'
import type { Log } from '../call/log.ts'
import { type Certificates, checkCertificates, readFiles, type TlsFiles } from './tls-files.ts'

/** Certificates that follow their files. */
export interface TlsWatch {
  /** The newest good ones. */
  readonly current: Certificates
  close(): void
}

/**
 * Reads certificates and looks again every `refreshMs`, by what the files hold: a path may lead through links that are
 * swapped, as in a Kubernetes secret, which watchers of the file system miss. What is unreadable, half-written or does
 * not belong together changes nothing and is logged once. Fails where the files are wrong from the start.
 */
export function watchTls(files: TlsFiles, log: Log, onChange: (next: Certificates) => void): TlsWatch {
  let current = readFiles(files)
  checkCertificates(files, current)
  let seen = current
  let problem: string | undefined

  const look = () => {
    try {
      const found = readFiles(files)
      // Whoever writes them may be half-way through, so a change counts once two looks in a row agree.
      const isSettled = isDeepStrictEqual(found, seen)
      seen = found
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
  const timer = setInterval(look, files.refreshMs ?? 10_000).unref()

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
