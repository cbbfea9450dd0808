import type { MailContent } from '@books/mail'
import type { Decision } from '../rules/decision.ts'

/** What a mail about a decision says. */
export interface DecisionMail {
  decision: Decision
  /** Why, in the words of the person who decided. */
  reason: string
  /** The reader's. */
  name: string
  /** The book's. */
  title: string
  /** The page of the book. */
  url: string
}

const wordings: Record<Decision, (book: string) => { subject: string; done: string }> = {
  hide: (book) => ({
    subject: `We hid your review of ${book}`,
    done: `we hid your review of ${book}: only you can see it`,
  }),
  restore: (book) => ({
    subject: `Your review of ${book} is shown again`,
    done: `we looked at your review of ${book}, and it is shown to all again`,
  }),
  delete: (book) => ({ subject: `We deleted your review of ${book}`, done: `we deleted your review of ${book}` }),
}

/** To the writer of a review that a person has decided on. */
export function decisionMail({ decision, reason, name, title, url }: DecisionMail): MailContent {
  const { subject, done } = wordings[decision](title)
  return {
    subject,
    title: subject,
    paragraphs: [`Hello ${name}, ${done}.`, `Our reason: ${reason}`],
    action: { label: 'See the book', url },
  }
}
