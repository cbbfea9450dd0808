import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import view from '@fastify/view'
import type { FastifyInstance } from 'fastify'
import Handlebars from 'handlebars'
import type { Assets } from '../assets.ts'
import { shelves } from './categories.ts'
import { paths } from './paths.ts'

/** What the layout needs of every page. */
export interface Page {
  /** The title of the window. */
  title: string
  /** What the page is about, in a sentence, for search engines and previews. */
  description?: string
  /** What kind of thing it is to Open Graph; a website otherwise. */
  openGraphType?: 'book' | 'article'
  /** Its own URL without the host; a page without one is not for search engines. */
  path?: string
  /** The pages before and after it, where it is one of several. */
  pagination?: Pagination | undefined
}

/** Where a visitor is among several pages. */
export interface Pagination {
  page: number
  pageCount: number
  previous?: string | undefined
  next?: string | undefined
}

const folder = new URL('../../views/', import.meta.url)

/** Lets routes render the templates in `views/`, inside the layout, with the links that every page has. */
export async function usePages(app: FastifyInstance, assets: Assets, publicUrl: string): Promise<void> {
  await app.register(view, {
    // An engine of its own: partials of one shop are not those of another in the same process.
    engine: { handlebars: Handlebars.create() },
    root: fileURLToPath(folder),
    layout: 'layout.hbs',
    // What a partial gives stays as it is: to indent it takes longer than to make it.
    options: { partials: listPartials(), compileOptions: { preventIndent: true } },
    defaultContext: {
      publicUrl,
      openGraphType: 'website',
      stylesheet: assets.stylesheet.path,
      description: 'Books is a small online bookshop. Every visit opens on a few books you may like.',
      links: {
        home: paths.home,
        search: paths.search(),
        taste: paths.taste,
        articles: paths.articles(),
        feed: paths.articlesFeed,
        favicon: assets.favicon.path,
        preview: assets.preview.path,
      },
      shelves: shelves.map(({ name, slug }) => ({ name, href: paths.category(slug) })),
    },
    // Templates are read and compiled once.
    production: true,
  })
}

/** The pagination of a list; `linkTo` makes the URL of one of its pages. */
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
