import type { History } from '../history/history.ts'
import type { Tables } from './tables.ts'

/** A run that is at rest. */
export interface Run {
  history: History
  tables: Tables
}

/** What must be true of every run: lists what contradicts it, each in a sentence. */
export type Invariant = (run: Run) => string[]
