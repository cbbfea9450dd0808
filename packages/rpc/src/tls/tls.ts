import { getCACertificates } from 'node:tls'
import { type ChannelCredentials, credentials, experimental, ServerCredentials } from '@grpc/grpc-js'
import { type Log, silentLog } from '../call/log.ts'
import type { Certificates, TlsFiles } from './tls-files.ts'
import { watchTls } from './tls-watch.ts'

/** Credentials whose new connections use the newest certificates until they are closed. */
export interface Credentials<GrpcCredentials> {
  credentials: GrpcCredentials
  close(): void
}

/** The credentials of a server: TLS, and mTLS with `ca`; plaintext without files. Throws where a file is invalid. */
export function createServerCredentials(files: TlsFiles | undefined, log: Log): Credentials<ServerCredentials> {
  if (!files) return { credentials: ServerCredentials.createInsecure(), close() {} }
  if (!files.cert) throw new Error('a server needs tls.cert and tls.key')
  const { provider, close } = provideCertificates(files, log)
  const requiresClientCertificate = files.ca !== undefined

  return {
    // The two provider parameters are swapped: the one called caCertificateProvider provides the identity.
    credentials: experimental.createCertificateProviderServerCredentials(
      provider,
      requiresClientCertificate ? provider : null,
      requiresClientCertificate,
    ),
    close,
  }
}

/** The credentials of a client: TLS, and mTLS with `cert`; plaintext without files. Throws where a file is invalid. */
export function createChannelCredentials(files?: TlsFiles, log: Log = silentLog): Credentials<ChannelCredentials> {
  if (!files) return { credentials: credentials.createInsecure(), close() {} }
  const { provider, close } = provideCertificates(files, log)
  const identity = files.cert === undefined ? null : provider

  return { credentials: experimental.createCertificateProviderChannelCredentials(provider, identity), close }
}

type Provider = experimental.CertificateProvider

/**
 * grpc-js has a file provider of its own, but it does not check what it reads: a file that is missing for a moment, or a key
 * that was replaced before its certificate, drops every new connection.
 */
function provideCertificates(files: TlsFiles, log: Log): { provider: Provider; close(): void } {
  const caListeners = new Set<experimental.CaCertificateUpdateListener>()
  const identityListeners = new Set<experimental.IdentityCertificateUpdateListener>()
  const watch = watchTls(files, log, (next) => {
    for (const listener of caListeners) listener(caOf(next))
    for (const listener of identityListeners) listener(identityOf(next))
  })

  return {
    provider: {
      // Called after this returns: grpc-js ignores a call to the listener while it is being added.
      addCaCertificateListener(listener) {
        caListeners.add(listener)
        process.nextTick(() => listener(caOf(watch.current)))
      },
      removeCaCertificateListener: (listener) => caListeners.delete(listener),
      addIdentityCertificateListener(listener) {
        identityListeners.add(listener)
        process.nextTick(() => listener(identityOf(watch.current)))
      },
      removeIdentityCertificateListener: (listener) => identityListeners.delete(listener),
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
