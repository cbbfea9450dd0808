import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { cacheControl } from './http/caching/cache-control.ts'
import { compressThoroughly, encodingFor } from './http/caching/encodings.ts'

/** A file that pages link to. Browsers may keep it for good: its URL changes with its content. */
export interface Asset {
  path: string
  type: string
  body: Buffer
  /** The body compressed, where that makes it smaller. */
  compressed?: Record<'br' | 'gzip', Buffer>
}

/** The files that pages link to. */
export interface Assets {
  stylesheet: Asset
  favicon: Asset
  /** What other sites show beside a link to the shop: 1200 by 630. */
  preview: Asset
}

// Pages need one stylesheet. Later ones may correct earlier ones.
const styles = ['base', 'frame', 'shelf', 'pages', 'article']

/** Reads the files that pages link to. */
export function loadAssets(): Assets {
  return {
    stylesheet: assetOf(
      'store.css',
      'text/css; charset=utf-8',
      Buffer.concat(styles.map((name) => read(`styles/${name}.css`))),
    ),
    favicon: assetOf('favicon.svg', 'image/svg+xml', read('favicon.svg')),
    preview: assetOf('preview.png', 'image/png', read('preview.png')),
  }
}

/** Serves the files that pages link to. */
export function assetRoutes(assets: Assets) {
  return async (app: FastifyInstance) => {
    for (const { path, type, body, compressed } of Object.values(assets) as Asset[]) {
      app.get(path, async (request, reply) => {
        const encoding = compressed && encodingFor(request.headers['accept-encoding'], ['br', 'gzip'])
        if (encoding) reply.header('content-encoding', encoding)
        return (
          reply
            .type(type)
            .header('cache-control', cacheControl.forGood)
            .header('etag', `W/"${path}"`)
            // The preview is for other sites to show, and nothing here is anybody's secret.
            .header('cross-origin-resource-policy', 'cross-origin')
            .send(encoding ? compressed[encoding] : body)
        )
      })
    }
  }
}

function read(file: string): Buffer {
  return readFileSync(new URL(`../assets/${file}`, import.meta.url))
}

function assetOf(name: string, type: string, body: Buffer): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  const path = `/assets/${name.replace('.', `.${hash}.`)}`
  return { path, type, body, ...(type.startsWith('text/') && { compressed: compressedOf(body) }) }
}

function compressedOf(body: Buffer): Record<'br' | 'gzip', Buffer> {
  return { br: compressThoroughly.br(body), gzip: compressThoroughly.gzip(body) }
}
