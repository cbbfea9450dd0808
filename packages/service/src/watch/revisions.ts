import { findNewestNumber, findSettledNumber } from '@books/runtime'
import type { Kysely } from 'kysely'

/** The revisions of what a service tells its watchers. */
export interface Revisions {
  /** The highest revision that there ever was; 0 before the first. */
  newestRevision(): Promise<number>
  /**
   * The revision up to which a later query sees all rows that there will ever be. Left out where the rows are written by one transaction
   * after another, under a lock.
   */
  settledRevision?(): Promise<number>
}

/** Revisions that writers take with `takeNumber`, several at once. `sequence` is an integer's, named with its schema. */
export function revisionsOf<Tables>(tables: Kysely<Tables>, sequence: string): Required<Revisions> {
  return {
    newestRevision: () => findNewestNumber(tables, sequence),
    settledRevision: () => findSettledNumber(tables, sequence),
  }
}
