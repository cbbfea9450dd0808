import { Type } from 'typebox'
import { StartError } from './start-error.ts'

const file = Type.Optional(Type.String({ minLength: 1 }))

/** The variables with the certificates of a process: PEM files, which are reloaded when they change. */
export const tlsSettings = {
  /** The certificate authorities to trust. A server with these requires a client certificate of one of them. */
  TLS_CA: file,
  /** The certificate of this process. */
  TLS_CERT: file,
  /** The private key of TLS_CERT. */
  TLS_KEY: file,
}

interface TlsSettings {
  TLS_CA?: string
  TLS_CERT?: string
  TLS_KEY?: string
}

interface Files {
  ca: string | undefined
  cert: string | undefined
  key: string | undefined
}

/** The files for a client; undefined where none is set. Throws a `StartError` where a certificate or its key is missing. */
export function clientTlsOf({ TLS_CA: ca, TLS_CERT: cert, TLS_KEY: key }: TlsSettings): Files | undefined {
  if (cert && !key) throw new StartError('wrong settings: TLS_KEY is missing, which TLS_CERT needs')
  if (key && !cert) throw new StartError('wrong settings: TLS_CERT is missing, which TLS_KEY needs')
  return ca || cert ? { ca, cert, key } : undefined
}

/** The files for a server, which also needs a certificate with `TLS_CA`. */
export function serverTlsOf(settings: TlsSettings): Files | undefined {
  const files = clientTlsOf(settings)
  if (files && !files.cert) throw new StartError('wrong settings: TLS_CERT is missing, which TLS_CA needs in a server')
  return files
}
