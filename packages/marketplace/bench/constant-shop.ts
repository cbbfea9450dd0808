import { loadDescriptors, RecommendationsService } from '@books/proto'
import { createClient } from '@books/rpc'
import Fastify from 'fastify'
import { loadAssets } from '../src/assets.ts'
import { compress, pageEncodingFor } from '../src/http/caching/encodings.ts'
import type { HomePage } from '../src/pages/home/home-page.ts'
import { usePages } from '../src/pages/pages.ts'
import type { ShelfSection } from '../src/pages/shelf-section.ts'
import { booksOf } from '../src/preferences/preferences.ts'
import { openShop } from '../src/shop.fixture.ts'
import { cookieOf, preferencesOf } from './readers.ts'
import { variablesOver } from './shop-settings.ts'

const reader = 1

/** The page of a reader without preferences, rendered for each request from the same page object. */
export async function startConstantPage(servicesPort: number): Promise<number> {
  const page = await catchPage(servicesPort)
  return startRendering(async () => page)
}

/** The page of a reader, rendered likewise after a call for recommendations for each request. */
export async function startOneCall(servicesPort: number): Promise<number> {
  const page = await catchPage(servicesPort, cookieOf(reader))
  const recommendations = createClient(RecommendationsService, {
    address: `127.0.0.1:${servicesPort}`,
    deadlineMs: 10_000,
    descriptors: loadDescriptors(),
  })
  const preferences = preferencesOf(reader)
  const liked = { likedIds: booksOf(preferences, 'liked'), dislikedIds: booksOf(preferences, 'disliked') }
  return startRendering(async () => {
    await recommendations.recommend({ ...liked, allCategories: true, maxResults: 12 })
    return page
  })
}

// Only rendering and compression, without cookies, log, security headers and entity tags.
async function startRendering(findPage: () => Promise<HomePage>): Promise<number> {
  const app = Fastify()
  await usePages(app, loadAssets(), 'http://localhost:5000')
  app.get('/', async ({ headers }, reply) => {
    const body = Buffer.from(await reply.viewAsync('home.hbs', anew(await findPage())))
    const encoding = pageEncodingFor(headers['accept-encoding'])
    return encoding === 'identity' ? body : reply.header('content-encoding', encoding).send(compress[encoding](body))
  })
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}

/** The same page of new objects, as the shop renders the same card only once. */
function anew(page: HomePage): HomePage {
  return {
    ...page,
    picks: sectionAnew(page.picks),
    sections: page.sections.map(sectionAnew),
    window: page.window.map(sectionAnew),
    journal: page.journal && { ...page.journal },
  }
}

function sectionAnew(section: ShelfSection): ShelfSection {
  return { ...section, cards: section.cards.map((card) => ({ ...card })) }
}

/** The page object of the front page. */
async function catchPage(servicesPort: number, cookies = ''): Promise<HomePage> {
  const { app, close } = await openShop(variablesOver(servicesPort))
  let caught: HomePage | undefined
  app.addHook('onRequest', async (_request, reply) => {
    const render = reply.viewAsync
    reply.viewAsync = (template: string, page: HomePage) => {
      caught = page
      return render.call(reply, template, page)
    }
  })
  await app.inject({ url: '/', headers: { cookie: cookies } })
  await close()
  if (!caught) throw new Error('the front page rendered nothing')
  return caught
}
