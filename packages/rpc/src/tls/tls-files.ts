import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** The paths of certificates, PEM files. */
export interface TlsFiles {
  /** The authorities to trust. A server with these requires a certificate of every client. */
  ca?: string | undefined
  /** The certificate, followed by those between it and its authority. Required for a server, optional for a client. */
  cert?: string | undefined
  /** The private key of `cert`. */
  key?: string | undefined
  /** How often to read the files again, in milliseconds; 10 seconds by default. */
  refreshMs?: number | undefined
}

/** The contents of the files. */
export interface Certificates {
  ca: string | undefined
  cert: string | undefined
  key: string | undefined
}

/** Reads the files, synchronously, as they are a few kilobytes. */
export function readFiles({ ca, cert, key }: TlsFiles): Certificates {
  return { ca: ca && read(ca), cert: cert && read(cert), key: key && read(key) }
}

/** Reads the files, and throws an error that names the file where one is missing or cannot be used. */
export function checkTlsFiles(files: TlsFiles): void {
  checkCertificates(files, readFiles(files))
}

/**
 * Throws an error that names the file unless the certificates can be used: valid now, and with their own private key. The
 * error quotes nothing from the files.
 */
export function checkCertificates(files: TlsFiles, { ca, cert, key }: Certificates): void {
  if ((files.cert === undefined) !== (files.key === undefined)) throw new Error('tls.cert and tls.key go together')
  if (files.ca && ca !== undefined) certificatesIn(ca, files.ca)
  if (files.cert && cert !== undefined && files.key && key !== undefined) {
    checkIdentity(certificatesIn(cert, files.cert), privateKeyIn(key, files.key), files.cert, files.key)
    // OpenSSL has further rules, for example against keys that are too short.
    attempt(files.cert, 'cannot be used', () => createSecureContext({ cert, key }))
  }
}

function checkIdentity([own]: X509Certificate[], key: KeyObject, certFile: string, keyFile: string): void {
  if (!own?.checkPrivateKey(key)) throw fileError(keyFile, `is not the key of ${certFile}`)
  if (own.validToDate.getTime() <= Date.now()) throw fileError(certFile, `expired on ${own.validTo}`)
  if (own.validFromDate.getTime() > Date.now()) throw fileError(certFile, `is not valid before ${own.validFrom}`)
}

const begin = '-----BEGIN CERTIFICATE-----'
const block = /^-----BEGIN CERTIFICATE-----\s*$[^-]+^-----END CERTIFICATE-----\s*$/gm

/** Every certificate in a file. OpenSSL skips a truncated one, and one that begins on the last line of another. */
function certificatesIn(pem: string, file: string): X509Certificate[] {
  const blocks = pem.match(block) ?? []
  const begun = pem.split(begin).length - 1
  if (begun === 0) throw fileError(file, 'contains no certificate')
  if (blocks.length < begun) throw fileError(file, 'contains an invalid certificate')
  return blocks.map((text) => attempt(file, 'contains an invalid certificate', () => new X509Certificate(text)))
}

function privateKeyIn(pem: string, file: string): KeyObject {
  return attempt(file, 'contains no private key', () => createPrivateKey(pem))
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

// Shaped like a system error, so that the program that starts can print it in one line.
function fileError(path: string, problem: string, cause?: unknown): Error {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  const message = `the TLS file ${path} ${problem}${code ? ` (${code})` : ''}`
  return Object.assign(new Error(message, { cause }), { code: code ?? 'ERR_TLS_FILE', path, syscall: 'read' })
}
