import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authority, createAuthority, type Identity, type Subject } from '../../testing/certificates/authority.ts'
import type { Log } from '../call/log.ts'

const dayMs = 24 * 60 * 60 * 1000

/** From yesterday until tomorrow. */
export const validNow = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) }

/** From a week ago until yesterday. */
export const expired = { notBefore: new Date(Date.now() - 7 * dayMs), notAfter: new Date(Date.now() - dayMs) }

/** A new authority, valid now. */
export function newAuthority(): Promise<Authority> {
  return createAuthority({ names: ['Test CA'], ...validNow })
}

/** A certificate for these names and localhost, valid now unless told otherwise. */
export function issue(authority: Authority, names: readonly string[], validity: Omit<Subject, 'names'> = validNow) {
  return authority.issue({ names: [...names, 'localhost'], ...validity })
}

/** A folder of certificates that are read again every few milliseconds. */
export interface CertificateFolder {
  path: string
  /** The files of a certificate that trusts the folder's `ca.crt`. */
  of(name: string): { ca: string; cert: string; key: string; refreshMs: number }
  /** Writes a file at once. */
  put(file: string, text: string): void
  /** Writes a certificate's two files, one after the other. */
  putIdentity(name: string, identity: Identity): void
  remove(): void
}

/** An empty folder in the system's temporary one. */
export function certificateFolder(): CertificateFolder {
  const path = mkdtempSync(join(tmpdir(), 'books-tls-'))
  const put = (file: string, text: string) => {
    const next = join(path, `${file}.next`)
    writeFileSync(next, text)
    renameSync(next, join(path, file))
  }

  return {
    path,
    of: (name) => ({
      ca: join(path, 'ca.crt'),
      cert: join(path, `${name}.crt`),
      key: join(path, `${name}.key`),
      refreshMs: 5,
    }),
    put,
    putIdentity(name, { certificate, key }) {
      put(`${name}.key`, key)
      put(`${name}.crt`, certificate)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A log that keeps its lines. */
export interface RecordedLog extends Log {
  lines: { level: string; message: string; fields: object }[]
  /** Resolves once the log has this message so many times. */
  has(message: string, times?: number): Promise<void>
}

/** An empty log. */
export function recordedLog(): RecordedLog {
  const lines: RecordedLog['lines'] = []
  const waiting = new Set<() => void>()
  const add = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields })
    for (const look of waiting) look()
  }

  return {
    info: add('info'),
    error: add('error'),
    lines,
    has: (message, times = 1) =>
      new Promise((resolve) => {
        const look = () => {
          if (lines.filter((line) => line.message === message).length < times) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
