import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'

/** A way to compress a body, by its name in HTTP. */
export type Encoding = 'zstd' | 'br' | 'gzip'

/**
 * Compresses what is made for one visitor: at the levels from which on a page takes more time than it saves bytes. It takes
 * a tenth of a millisecond, less than to have another thread do it.
 */
export const compress: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  zstd: (body) => zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body) => gzipSync(body, { level: 4 }),
}

/** Compresses as far as it goes, which takes tens of milliseconds: for what is sent for as long as the process runs. */
export const compressThoroughly = {
  br: (body: Buffer) => brotliCompressSync(body),
  gzip: (body: Buffer) => gzipSync(body, { level: 9 }),
}

/** The best of these encodings, of which the first are preferred, for an `Accept-Encoding`; undefined for none of them. */
export function encodingFor<Name extends Encoding>(
  acceptEncoding: string | undefined,
  available: readonly Name[],
): Name | undefined {
  // Whoever takes anything takes what has been around the longest.
  const accepted = (acceptEncoding ?? '').toLowerCase().replaceAll('*', 'gzip')
  return negotiate<Name>(accepted, [...available]) ?? undefined
}
