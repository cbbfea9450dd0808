import { getCACertificates } from 'node:tls'
import { type ChannelCredentials, credentials, experimental, ServerCredentials } from '@grpc/grpc-js'
import { type Log, silentLog } from '../call/log.ts'
import type { Certificates, TlsFiles } from './tls-files.ts'
import { watchTls } from './tls-watch.ts'

/** What one side of a connection is made with: new connections get the newest certificates until it is closed. */
export interface Secured<Credentials> {
  credentials: Credentials
  close(): void
}

/** For a server: TLS, and mTLS where `ca` is given; plaintext without files. Throws where the files are wrong. */
export function secureServer(files: TlsFiles | undefined, log: Log): Secured<ServerCredentials> {
  if (!files) return { credentials: ServerCredentials.createInsecure(), close() {} }
  if (!files.cert) throw new Error('a server needs tls.cert and tls.key')
  const { provider, close } = provideCertificates(files, log)
  const asksClients = files.ca !== undefined

  return {
    // Its first parameter is called caCertificateProvider and is the identity's, the second the other way round.
    credentials: experimental.createCertificateProviderServerCredentials(
      provider,
      asksClients ? provider : null,
      asksClients,
    ),
    close,
  }
}

/** For a client: TLS, and mTLS where `cert` is given; plaintext without files. Throws where the files are wrong. */
export function secureChannel(files?: TlsFiles, log: Log = silentLog): Secured<ChannelCredentials> {
  if (!files) return { credentials: credentials.createInsecure(), close() {} }
  const { provider, close } = provideCertificates(files, log)
  const identity = files.cert === undefined ? null : provider

  return { credentials: experimental.createCertificateProviderChannelCredentials(provider, identity), close }
}

type Provider = experimental.CertificateProvider

/**
 * grpc-js has a provider for files of its own, but that one hands on whatever it finds: a file that is away for a moment
 * drops every new connection, and so does a key that was replaced before its certificate.
 */
function provideCertificates(files: TlsFiles, log: Log): { provider: Provider; close(): void } {
  const ofCa = new Set<experimental.CaCertificateUpdateListener>()
  const ofIdentity = new Set<experimental.IdentityCertificateUpdateListener>()
  const watch = watchTls(files, log, (next) => {
    for (const listener of ofCa) listener(caOf(next))
    for (const listener of ofIdentity) listener(identityOf(next))
  })

  return {
    provider: {
      // A listener hears of the certificates after it was added: grpc-js misses what it hears while it adds one.
      addCaCertificateListener(listener) {
        ofCa.add(listener)
        process.nextTick(() => listener(caOf(watch.current)))
      },
      removeCaCertificateListener: (listener) => ofCa.delete(listener),
      addIdentityCertificateListener(listener) {
        ofIdentity.add(listener)
        process.nextTick(() => listener(identityOf(watch.current)))
      },
      removeIdentityCertificateListener: (listener) => ofIdentity.delete(listener),
    },
    close: watch.close,
  }
}

function caOf({ ca }: Certificates) {
  return { caCertificate: Buffer.from(ca ?? getCACertificates().join('\n')) }
}

function identityOf({ cert, key }: Certificates) {
  return cert && key ? { certificate: Buffer.from(cert), privateKey: Buffer.from(key) } : null
}
