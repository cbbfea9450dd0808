import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { cacheControl } from './http/caching/cache-control.ts'
import { assetEncodingFor, compressThoroughly } from './http/caching/encodings.ts'
import { paths, routes } from './pages/paths.ts'

/** A file that pages link to. Browsers may cache it without a limit: its URL changes with its content. */
export interface Asset {
  path: string
  type: string
  body: Buffer
  /** The compressed body, for text. */
  compressed?: Record<'br' | 'gzip', Promise<Buffer>>
}

/** The files that pages link to. */
export interface Assets {
  stylesheet: Asset
  favicon: Asset
  /** The picture that other sites show beside a link to the shop: 1200 by 630. */
  preview: Asset
}

// Pages link to one stylesheet. Later parts may override earlier ones.
const styles = ['base', 'frame', 'shelf', 'pages', 'article', 'account', 'cart', 'reviews']

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
  const byPath = new Map(Object.values(assets).map((asset: Asset) => [asset.path, asset]))
  return async (app: FastifyInstance) => {
    app.get<{ Params: { file: string } }>(routes.asset, async (request, reply) => {
      const asset = byPath.get(paths.asset(request.params.file))
      if (!asset) return reply.callNotFound()

      const { path, type, body, compressed } = asset
      const encoding = compressed ? assetEncodingFor(request.headers['accept-encoding']) : 'identity'
      if (encoding !== 'identity') reply.header('content-encoding', encoding)
      return (
        reply
          .type(type)
          .header('cache-control', cacheControl.immutable)
          .header('etag', `W/"${path}"`)
          // Other sites show the preview, and none of these files is secret.
          .header('cross-origin-resource-policy', 'cross-origin')
          .send(compressed && encoding !== 'identity' ? await compressed[encoding] : body)
      )
    })
  }
}

function read(file: string): Buffer {
  return readFileSync(new URL(`../assets/${file}`, import.meta.url))
}

function assetOf(name: string, type: string, body: Buffer): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  const path = paths.asset(name.replace('.', `.${hash}.`))
  if (!type.startsWith('text/')) return { path, type, body }
  return { path, type, body, compressed: { br: compressThoroughly.br(body), gzip: compressThoroughly.gzip(body) } }
}
