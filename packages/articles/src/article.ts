/** What an author hands in. */
export interface Draft {
  /** Which article it is: the name of its file without `.md`. */
  slug: string
  title: string
  author: string
  /** What it is about, in plain text. */
  summary: string
  /** Markdown. */
  content: string
  /** When it was written, where its author says so. */
  createTime: Date | undefined
}

/** An article as the journal keeps it. */
export interface Article extends Omit<Draft, 'slug'> {
  id: number
  createTime: Date
}
