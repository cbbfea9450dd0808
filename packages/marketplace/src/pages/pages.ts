import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import view from '@fastify/view'
import type { FastifyInstance } from 'fastify'
import Handlebars from 'handlebars'
import type { Assets } from '../assets.ts'
import { shelves } from './categories.ts'
import { createMemoizedBlock } from './memoized-block.ts'
import { paths } from './paths.ts'

/** What the layout takes of every page. */
export interface Page {
  /** The document's title. */
  title: string
  /** A sentence for search engines and previews. */
  description?: string
  /** Its type in Open Graph; `website` by default. */
  openGraphType?: 'book' | 'article'
  /** Its canonical URL without the origin; search engines are told not to index a page without one. */
  path?: string
  /** For a page of a list. */
  pagination?: Pagination | undefined
}

/** A page that only says something, as `message.hbs` takes it. */
export interface MessagePage extends Page {
  heading: string
  text: string
  furtherLinks?: readonly { href: string; label: string }[]
  /** The backend that did not answer. */
  fallback?: string
}

/** The position of a page in a list of several. */
export interface Pagination {
  page: number
  pageCount: number
  previous?: string | undefined
  next?: string | undefined
}

const folder = new URL('../../views/', import.meta.url)

/** Lets routes render the templates in `views/` inside the layout, with the links of every page. */
export async function usePages(app: FastifyInstance, assets: Assets, publicUrl: string): Promise<void> {
  // Its own engine, as partials are registered globally otherwise.
  const handlebars = Handlebars.create()
  handlebars.registerHelper('memoized', createMemoizedBlock())
  await app.register(view, {
    engine: { handlebars },
    root: fileURLToPath(folder),
    layout: 'layout.hbs',
    // Indenting the output of a partial takes longer than rendering it.
    options: { partials: listPartials(), compileOptions: { preventIndent: true } },
    defaultContext: {
      publicUrl,
      openGraphType: 'website',
      stylesheet: assets.stylesheet.path,
      description: 'Books is a small online bookshop. Every visit opens on a few books you may like.',
      links: {
        home: paths.home,
        search: paths.search(),
        preferences: paths.preferences,
        cart: paths.cart,
        articles: paths.articles(),
        feed: paths.articlesFeed,
        favicon: assets.favicon.path,
        preview: assets.preview.path,
      },
      shelves: shelves.map(({ name, slug }) => ({ name, href: paths.category(slug) })),
    },
    // Caches compiled templates.
    production: true,
  })
}

/** The pagination of a list; undefined for a single page. `linkTo` makes the URL of one of its pages. */
export function paginationOf(
  page: number,
  pageCount: number,
  linkTo: (page: number) => string,
): Pagination | undefined {
  if (pageCount <= 1) return undefined
  return {
    page,
    pageCount,
    previous: page > 1 ? linkTo(page - 1) : undefined,
    next: page < pageCount ? linkTo(page + 1) : undefined,
  }
}

function listPartials(): Record<string, string> {
  const files = readdirSync(new URL('partials/', folder)).filter((file) => file.endsWith('.hbs'))
  return Object.fromEntries(files.map((file) => [file.slice(0, -'.hbs'.length), `partials/${file}`]))
}
