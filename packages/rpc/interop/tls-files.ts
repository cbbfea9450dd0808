/** Where the certificates of an interoperability test are: paths of PEM files. */
export interface TlsFiles {
  ca: string
  cert: string
  key: string
}

/** The option that makes a server or a client of this package speak TLS with these files; none for plaintext. */
export function tlsOptions(files: TlsFiles | undefined): { tls?: TlsFiles } {
  return files ? { tls: files } : {}
}
