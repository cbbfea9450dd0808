// @peculiar/x509 needs this loaded first.
import 'reflect-metadata'
import { createPrivateKey, type webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its private key, both PEM. */
export interface Identity {
  certificate: string
  key: string
}

/** The subject of a certificate, and when it is valid. */
export interface Subject {
  /** DNS names, URIs and IP addresses; the first one is the common name, too. */
  names: readonly string[]
  notBefore: Date
  notAfter: Date
}

/** A certificate authority for development and tests. */
export interface Authority extends Identity {
  /** Issues a certificate for use by a server and by a client. */
  issue(subject: Subject): Promise<Identity>
}

// P-256 with SHA-256: every TLS library supports it, and it signs fastest.
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A new authority with a self-signed certificate. */
export async function createAuthority({ names: [name = ''], ...validity }: Subject): Promise<Authority> {
  const keys = await createKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return authorityOf(certificate, keys.privateKey, await exportKey(keys.privateKey))
}

/** An existing authority. Rejects where the texts are not a certificate and its key. */
export async function readAuthority({ certificate, key }: Identity): Promise<Authority> {
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
    throw new Error('the key does not match the certificate')
  }
  const pkcs8 = x509.PemConverter.decodeFirst(key)
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
  return authorityOf(new x509.X509Certificate(certificate), signingKey, key)
}

function authorityOf(issuer: x509.X509Certificate, signingKey: webcrypto.CryptoKey, key: string): Authority {
  return {
    certificate: pemOf(issuer),
    key,
    async issue({ names, ...validity }) {
      const { publicKey, privateKey } = await createKeys()
      const certificate = await x509.X509CertificateGenerator.create({
        ...validity,
        subject: [{ CN: [names[0] ?? ''] }],
        issuer: issuer.subject,
        publicKey,
        signingKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
          new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: kindOf(value), value }))),
          await x509.SubjectKeyIdentifierExtension.create(publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
        ],
      })
      return { certificate: pemOf(certificate), key: await exportKey(privateKey) }
    },
  }
}

function kindOf(name: string): 'ip' | 'url' | 'dns' {
  if (isIP(name)) return 'ip'
  return name.includes('://') ? 'url' : 'dns'
}

function createKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key)
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`
}
