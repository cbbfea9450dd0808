import { brotliCompressSync, gzipSync } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'

const encodings = ['br', 'gzip'] as const

/** How a file may be compressed, the best first. */
export type Encoding = (typeof encodings)[number]

/** Compresses a file as far as it goes, which takes tens of milliseconds: for what is sent as long as the process runs. */
export function compressFile(body: Buffer): Record<Encoding, Buffer> {
  return { br: brotliCompressSync(body), gzip: gzipSync(body, { level: 9 }) }
}

/** The best way to send such a file to whoever sent this `Accept-Encoding`; undefined for as it is. */
export function encodingFor(acceptEncoding = ''): Encoding | undefined {
  return negotiate<Encoding>(acceptEncoding.toLowerCase(), [...encodings]) ?? undefined
}
