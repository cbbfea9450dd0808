/** An article as its author submits it. */
export interface Draft {
  /** Identifies the article: the name of its file without `.md`. */
  slug: string
  title: string
  author: string
  /** A summary in plain text. */
  summary: string
  /** Markdown. */
  content: string
  /** Undefined where the file has no date. */
  createTime: Date | undefined
}

/** A published article. */
export interface Article extends Omit<Draft, 'slug'> {
  id: number
  createTime: Date
}
