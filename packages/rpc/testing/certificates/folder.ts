import { X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, createAuthority, type Identity, readAuthority } from './authority.ts'

/** The result of writing a folder of certificates. */
export interface Written {
  /** Whether the authority is new: clients that trust the former one reject these certificates. */
  isNewAuthority: boolean
  /** When the services' certificates expire. */
  notAfter: Date
}

const dayMs = 24 * 60 * 60 * 1000
const serviceDays = 90
const authorityDays = 10 * 365

/**
 * Writes `<service>.crt` and `<service>.key` for each service into a folder that only its owner can read. The authority that
 * signs them, `ca.crt` and `ca.key`, is kept between runs, unless it expires before they do.
 */
export async function writeCertificates(folder: string, services: readonly string[], now: Date): Promise<Written> {
  for (const name of services) if (!isServiceName(name)) throw new Error(`"${name}" is not a valid service name`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // `mkdir` does not change the mode of an existing folder.
  await chmod(folder, 0o700)

  const notAfter = inDays(now, serviceDays)
  const kept = await findAuthority(folder, notAfter)
  const authority =
    kept ??
    (await createAuthority({ names: ['Books development CA'], notBefore: now, notAfter: inDays(now, authorityDays) }))
  if (!kept) await write(folder, 'ca', authority)

  for (const service of services) {
    const names = [service, 'localhost', '127.0.0.1', '::1']
    await write(folder, service, await authority.issue({ names, notBefore: now, notAfter }))
  }
  return { isNewAuthority: !kept, notAfter }
}

async function findAuthority(folder: string, neededUntil: Date): Promise<Authority | undefined> {
  const certificate = await findText(join(folder, 'ca.crt'))
  const key = await findText(join(folder, 'ca.key'))
  if (!certificate || !key) return undefined
  try {
    const authority = await readAuthority({ certificate, key })
    return new X509Certificate(certificate).validToDate < neededUntil ? undefined : authority
  } catch (cause) {
    throw new Error(`${join(folder, 'ca.crt')} and ca.key cannot be used: ${(cause as Error).message}`, { cause })
  }
}

async function findText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(folder: string, name: string, { certificate, key }: Identity): Promise<void> {
  await replace(join(folder, `${name}.key`), key, 0o600)
  await replace(join(folder, `${name}.crt`), certificate, 0o644)
}

/** Replaces a file at once, so that a concurrent reader gets the whole old text or the whole new one. */
async function replace(file: string, text: string, mode: number): Promise<void> {
  const next = `${file}.next`
  await rm(next, { force: true })
  await writeFile(next, text, { mode, flag: 'wx' })
  await rename(next, file)
}

// A DNS label (RFC 1123), and not the authority's own files.
function isServiceName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name) && name !== 'ca'
}

function inDays(from: Date, days: number): Date {
  return new Date(from.getTime() + days * dayMs)
}
