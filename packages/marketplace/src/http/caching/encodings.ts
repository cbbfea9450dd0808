import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync, zstdCompressSync } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'
import { LRUCache } from 'lru-cache'

/** A content coding, by its name in HTTP. */
export type Encoding = 'zstd' | 'br' | 'gzip'

const zstdFast = { [constants.ZSTD_c_compressionLevel]: 1 }

/**
 * Compresses a page that is sent once, at levels above which more time is spent than bytes are saved (docs/performance.md). It takes a tenth
 * of a millisecond, less than handing it to another thread.
 */
export const compress: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  zstd: (body) => zstdCompressSync(body, { pledgedSrcSize: body.length, params: zstdFast }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body) => gzipSync(body, { level: 1 }),
}

/** Compresses as far as possible, which takes another thread tens of milliseconds: for bodies that are sent many times. */
export const compressThoroughly: Readonly<Record<'br' | 'gzip', (body: Buffer) => Promise<Buffer>>> = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: (body) => promisify<Buffer, { level: number }, Buffer>(gzip)(body, { level: 9 }),
}

// Browsers send few different values of `Accept-Encoding`.
const maxNegotiated = 100

/** The encoding of a page for an `Accept-Encoding`. zstd makes it as small as the others do, in a third of the time. */
export const pageEncodingFor = createNegotiation(['zstd', 'br', 'gzip'])

/** The encoding of a file that was compressed thoroughly. */
export const assetEncodingFor = createNegotiation(['br', 'gzip'])

/** Chooses among these encodings, in the order of preference. */
function createNegotiation<Name extends Encoding>(available: Name[]) {
  const negotiated = new LRUCache<string, Name | 'identity'>({
    max: maxNegotiated,
    // A wildcard is answered with the most common encoding.
    memoMethod: (accepted) => negotiate<Name>(accepted.toLowerCase().replaceAll('*', 'gzip'), available) ?? 'identity',
  })
  return (acceptEncoding = '') => negotiated.memo(acceptEncoding)
}
