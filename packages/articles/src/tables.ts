import type { Generated, GeneratedAlways } from 'kysely'

/** The tables of articles. */
export interface Tables {
  articles: {
    id: GeneratedAlways<number>
    /** The name of the source file without `.md`. */
    slug: string
    title: string
    author: string
    summary: string
    /** Markdown. */
    content: string
    create_time: Generated<Date>
  }
}
