import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import view from '@fastify/view'
import type { FastifyInstance } from 'fastify'
import Handlebars from 'handlebars'
import type { Assets } from './assets.ts'
import { paths } from './paths.ts'

const folder = new URL('../views/', import.meta.url)

/** Lets routes render the templates in `views/`, inside the layout, with the links that every page has. */
export async function usePages(app: FastifyInstance, assets: Assets): Promise<void> {
  await app.register(view, {
    // An engine of its own: partials of one shop are not those of another in the same process.
    engine: { handlebars: Handlebars.create() },
    root: fileURLToPath(folder),
    layout: 'layout.hbs',
    options: { partials: listPartials() },
    defaultContext: {
      stylesheet: assets.stylesheet.path,
      links: { home: paths.home, favicon: assets.favicon.path },
    },
    // Templates are read and compiled once.
    production: true,
  })
}

function listPartials(): Record<string, string> {
  const files = readdirSync(new URL('partials/', folder)).filter((file) => file.endsWith('.hbs'))
  return Object.fromEntries(files.map((file) => [file.slice(0, -'.hbs'.length), `partials/${file}`]))
}
