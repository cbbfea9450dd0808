import type { Service } from '@books/rpc'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import type { PageName } from './pages.fixture.ts'

/** A service that pages are made from. */
export interface Dependency {
  /** As fallbacks are marked with. */
  name: string
  /** The service as it is when it is well. */
  serve(): Service
  /** The pages that show what it answers. */
  pages: readonly PageName[]
}

/** Every service that the shop depends on; a new one is a row here. */
export const dependencies: readonly Dependency[] = [
  {
    name: 'recommendations',
    serve: fakeRecommendations,
    pages: ['home', 'home with preferences', 'book', 'readiness'],
  },
  {
    name: 'inventory',
    serve: fakeInventory,
    pages: ['home', 'home with preferences', 'category', 'book', 'search', 'preferences', 'readiness'],
  },
  {
    name: 'articles',
    serve: fakeArticles,
    pages: ['home', 'home with preferences', 'journal', 'article', 'feed', 'readiness'],
  },
]
