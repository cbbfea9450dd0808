/** Values of `Accept-Encoding`, by the names of the option `--encoding`. */
export const acceptEncodings: Readonly<Record<string, string>> = {
  identity: 'identity',
  gzip: 'gzip',
  br: 'br',
  zstd: 'zstd',
  browser: 'gzip, deflate, br, zstd',
}
