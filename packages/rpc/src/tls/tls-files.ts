import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Where certificates are: paths of PEM files. */
export interface TlsFiles {
  /** The authorities to trust. A server given these asks every client for a certificate and refuses it without one. */
  ca?: string | undefined
  /** The own certificate, followed by those between it and its authority. A server needs one; a client may have one. */
  cert?: string | undefined
  /** The private key of `cert`. */
  key?: string | undefined
  /** How often to look whether the files have changed, in milliseconds. */
  refreshMs?: number | undefined
}

/** What the files say. */
export interface Certificates {
  ca: string | undefined
  cert: string | undefined
  key: string | undefined
}

/** Reads the files as they are. They are a few kilobytes, so reading them holds nobody up. */
export function readFiles({ ca, cert, key }: TlsFiles): Certificates {
  return { ca: ca && read(ca), cert: cert && read(cert), key: key && read(key) }
}

/**
 * Fails with an error that names the file unless these are certificates that one can connect with: valid now, and the
 * key that of the certificate. It quotes nothing of what the files hold.
 */
export function checkCertificates(files: TlsFiles, { ca, cert, key }: Certificates): void {
  if ((files.cert === undefined) !== (files.key === undefined)) throw new Error('tls.cert and tls.key go together')
  if (files.ca && ca !== undefined) certificatesIn(ca, files.ca)
  if (files.cert && cert !== undefined && files.key && key !== undefined) {
    checkIdentity(certificatesIn(cert, files.cert), privateKeyIn(key, files.key), files.cert, files.key)
    // OpenSSL's last word: it refuses, for one, keys that are too short.
    attempt(files.cert, 'is of no use', () => createSecureContext({ cert, key }))
  }
}

function checkIdentity([own]: X509Certificate[], key: KeyObject, certFile: string, keyFile: string): void {
  if (!own?.checkPrivateKey(key)) throw fileError(keyFile, `is not the key of ${certFile}`)
  if (own.validToDate.getTime() <= Date.now()) throw fileError(certFile, `expired on ${own.validTo}`)
  if (own.validFromDate.getTime() > Date.now()) throw fileError(certFile, `is not valid before ${own.validFrom}`)
}

const begin = '-----BEGIN CERTIFICATE-----'
const block = /^-----BEGIN CERTIFICATE-----\s*$[^-]+^-----END CERTIFICATE-----\s*$/gm

/** Every certificate of a file. OpenSSL passes over those that are cut off, or that begin on the line of another's end. */
function certificatesIn(pem: string, file: string): X509Certificate[] {
  const blocks = pem.match(block) ?? []
  const begun = pem.split(begin).length - 1
  if (begun === 0) throw fileError(file, 'holds no certificate')
  if (blocks.length < begun) throw fileError(file, 'holds a broken certificate')
  return blocks.map((text) => attempt(file, 'holds a broken certificate', () => new X509Certificate(text)))
}

function privateKeyIn(pem: string, file: string): KeyObject {
  return attempt(file, 'holds no private key', () => createPrivateKey(pem))
}

function read(file: string): string {
  return attempt(file, 'cannot be read', () => readFileSync(file, 'utf8'))
}

function attempt<Result>(file: string, problem: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw fileError(file, problem, cause)
  }
}

// Told as the operating system tells what is wrong with a file, so that whoever starts a process can say it in one line.
function fileError(path: string, problem: string, cause?: unknown): Error {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  const message = `the TLS file ${path} ${problem}${code ? ` (${code})` : ''}`
  return Object.assign(new Error(message, { cause }), { code: code ?? 'ERR_TLS_FILE', path, syscall: 'read' })
}
