import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

/** A file that pages link to. Browsers may keep it for good: its URL changes with its content. */
export interface Asset {
  path: string
  type: string
  body: Buffer
}

/** The files that pages link to. */
export interface Assets {
  stylesheet: Asset
  favicon: Asset
}

/** Reads the files that pages link to. */
export function loadAssets(): Assets {
  return {
    stylesheet: readAsset('store', 'css', 'text/css; charset=utf-8'),
    favicon: readAsset('favicon', 'svg', 'image/svg+xml'),
  }
}

/** Serves the files that pages link to. */
export function assetRoutes(assets: Assets) {
  return async (app: FastifyInstance) => {
    for (const { path, type, body } of Object.values(assets) as Asset[]) {
      app.get(path, async (_request, reply) =>
        reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(body),
      )
    }
  }
}

function readAsset(name: string, extension: string, type: string): Asset {
  const body = readFileSync(new URL(`../assets/${name}.${extension}`, import.meta.url))
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { path: `/assets/${name}.${hash}.${extension}`, type, body }
}
