import type { Dialect } from 'kysely'

/** A SQL engine. */
export interface Engine {
  /** What its errors call it. */
  name: string
  /** The folder of its data; undefined on a server and in memory. */
  folder?: string | undefined
  dialect: Dialect
  /** Resolves when the next statement may be sent; absent where any may be sent at once. */
  readyForStatement?(): Promise<void>
  /** Resolves while it answers. */
  ping(): Promise<void>
  /** Releases what it holds besides the connections of the dialect. */
  release(): void | Promise<void>
}
