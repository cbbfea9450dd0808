import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { type BookStore, createBookStore } from './book-store.ts'
import { createFollowedStore, type FollowedStore } from './followed-store.ts'
import { createPageStore, type PageStore } from './page-store.ts'
import { createRatingStore, type RatingStore } from './rating-store.ts'
import { createReaderRatingStore, type ReaderRatingStore } from './reader-rating-store.ts'
import { createReaderStore, type ReaderStore } from './reader-store.ts'
import { createReportStore, type ReportStore } from './report-store.ts'
import { createReviewStore, type ReviewStore } from './review-store.ts'
import { createVoteStore, type VoteStore } from './vote-store.ts'

/**
 * The tables of reviews, and what is done with them. A transaction locks the reader first, then the review, then the ratings of the book.
 */
export interface Stores {
  tables: Kysely<Tables>
  reviews: ReviewStore
  pages: PageStore
  votes: VoteStore
  reports: ReportStore
  ratings: RatingStore
  readerRatings: ReaderRatingStore
  readers: ReaderStore
  books: BookStore
  inventory: FollowedStore
  accounts: FollowedStore
}

/** What is kept, and `transact`, which does several things or none. */
export interface RootStores extends Stores {
  transact<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>
}

/** Keeps reviews in the service's own tables. */
export function createStores(tables: Kysely<Tables>): RootStores {
  return {
    ...storesOf(tables),
    transact: (work) => tables.transaction().execute((transaction) => work(storesOf(transaction))),
  }
}

function storesOf(tables: Kysely<Tables>): Stores {
  return {
    tables,
    reviews: createReviewStore(tables),
    pages: createPageStore(tables),
    votes: createVoteStore(tables),
    reports: createReportStore(tables),
    ratings: createRatingStore(tables),
    readerRatings: createReaderRatingStore(tables),
    readers: createReaderStore(tables),
    books: createBookStore(tables),
    inventory: createFollowedStore(tables, 'inventory'),
    accounts: createFollowedStore(tables, 'accounts'),
  }
}
