import type { Service } from '@books/rpc'
import { fakeAccounts } from '../../src/accounts.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import type { PageName } from './pages.fixture.ts'

/** A backend of the shop. */
export interface Dependency {
  /** Its name in `data-fallback`. */
  name: string
  /** Creates the service, without faults. */
  serve(): Service
  /** The pages that are made from its answers. */
  pages: readonly PageName[]
  /** Those of them that are there to show its answers, and so wait for longer. */
  ownPages: readonly PageName[]
}

/** Every backend of the shop. */
export const dependencies: readonly Dependency[] = [
  {
    name: 'recommendations',
    serve: fakeRecommendations,
    pages: ['home', 'home with preferences', 'home of a reader', 'book', 'readiness'],
    ownPages: [],
  },
  {
    name: 'inventory',
    serve: fakeInventory,
    pages: [
      'home',
      'home with preferences',
      'home of a reader',
      'category',
      'book',
      'search',
      'preferences',
      'readiness',
    ],
    ownPages: ['category', 'book', 'search', 'preferences'],
  },
  {
    name: 'articles',
    serve: fakeArticles,
    pages: ['home', 'home with preferences', 'home of a reader', 'journal', 'article', 'feed', 'readiness'],
    ownPages: ['journal', 'article', 'feed'],
  },
  {
    name: 'accounts',
    serve: fakeAccounts,
    pages: ['home of a reader', 'readiness'],
    ownPages: [],
  },
]
