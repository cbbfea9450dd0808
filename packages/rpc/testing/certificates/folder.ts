import { X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, createAuthority, type Identity, readAuthority } from './authority.ts'

/** What was written to a folder of certificates. */
export interface Written {
  /** Whether the authority is new: whoever trusts the former one does not trust these certificates. */
  isNewAuthority: boolean
  /** When the services' certificates end. */
  notAfter: Date
}

const dayMs = 24 * 60 * 60 * 1000
const serviceDays = 90
const authorityDays = 10 * 365

/**
 * Writes `<service>.crt` and `<service>.key` for each service into a folder that only its owner may read. The authority
 * that signs them, `ca.crt` and `ca.key`, is kept from one time to the next, unless it ends before they do.
 */
export async function writeCertificates(folder: string, services: readonly string[], now: Date): Promise<Written> {
  for (const name of services) if (!isServiceName(name)) throw new Error(`"${name}" is no name for a service`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // A folder that was there keeps its mode otherwise.
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
    throw new Error(`${join(folder, 'ca.crt')} and ca.key are of no use: ${(cause as Error).message}`, { cause })
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

/** Whoever reads the file meanwhile gets all of the old text or all of the new. */
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
