import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

/**
 * Compresses what visitors accept compressed, as far as a page made for one of them is worth it: the levels are those from
 * which on a page takes more time than it saves bytes (docs/performance.md).
 */
export async function useCompression(app: FastifyInstance): Promise<void> {
  await app.register(compress, {
    encodings: ['zstd', 'br', 'gzip'],
    // For zstd as well, which is at level 3 by itself.
    zlibOptions: { level: 4 },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    // A stream for each page costs more than to compress it here and now.
    syncThreshold: 1024 * 1024,
    // Nobody has a reason to send the shop a compressed form.
    globalDecompression: false,
  })
}
