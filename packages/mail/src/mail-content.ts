/** What a mail says. Its look is the same for all. */
export interface MailContent {
  subject: string
  title: string
  /** Plain text. */
  paragraphs: readonly string[]
  /** Rows of a table, such as the lines of a receipt. */
  lines?: readonly MailLine[]
  /** What the reader may do now; the URL is of http or https. */
  action?: { label: string; url: string }
  /** Why the reader gets this. */
  footer?: string
}

/** A row: what, and how much. */
export interface MailLine {
  label: string
  value: string
  isTotal?: boolean
}
