import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'

/** A content coding, by its name in HTTP. */
export type Encoding = 'zstd' | 'br' | 'gzip'

/**
 * Compresses a page that is sent once, at levels above which more time is spent than bytes are saved. It takes a tenth of a
 * millisecond, less than handing it to another thread.
 */
export const compress: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  zstd: (body) => zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body) => gzipSync(body, { level: 4 }),
}

/** Compresses as far as possible, which takes tens of milliseconds: for bodies that are sent many times. */
export const compressThoroughly = {
  br: (body: Buffer) => brotliCompressSync(body),
  gzip: (body: Buffer) => gzipSync(body, { level: 9 }),
}

/** The encoding to use for an `Accept-Encoding`, of those available in the order of preference; undefined for none. */
export function encodingFor<Name extends Encoding>(
  acceptEncoding: string | undefined,
  available: readonly Name[],
): Name | undefined {
  // A wildcard is answered with the most common encoding.
  const accepted = (acceptEncoding ?? '').toLowerCase().replaceAll('*', 'gzip')
  return negotiate<Name>(accepted, [...available]) ?? undefined
}
