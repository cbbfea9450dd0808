import { ReportReason } from '@books/proto'
import { Type } from 'typebox'
import type { Form } from '../account/form.ts'
import { text } from '../account/form-body.ts'
import { paths } from '../paths.ts'
import { backToBook } from './messages.ts'
import { signInBody } from './send-reader-form.ts'

/** The schema of the form; what is wrong with its fields, reviews says. */
export const reportBody = Type.Object({ reason: text, comment: text, ...signInBody.properties })

/** Why a review may be reported. */
export const reportReasons = [
  { name: 'spam', label: 'It advertises something', value: ReportReason.REPORT_REASON_SPAM },
  { name: 'abuse', label: 'It insults or threatens', value: ReportReason.REPORT_REASON_ABUSE },
  { name: 'off_topic', label: 'It is not about the book', value: ReportReason.REPORT_REASON_OFF_TOPIC },
  { name: 'private', label: 'It tells something private about a person', value: ReportReason.REPORT_REASON_PRIVATE },
  { name: 'other', label: 'Something else', value: ReportReason.REPORT_REASON_OTHER },
] as const

/** The form that reports a review. */
export function reportForm({ id, review }: { id: number; review: string }): Form {
  const choices = reportReasons.map(({ name, label }) => ({ value: name, label }))
  return {
    heading: 'Report a review',
    text: 'A person of this shop looks at it. Its writer is not told who reported it.',
    action: paths.reportReview(id, review),
    submit: 'Report it',
    fields: [
      {
        name: 'reason',
        label: 'Reason',
        type: 'select',
        autocomplete: 'off',
        isRequired: true,
        options: [{ value: '', label: 'Choose' }, ...choices],
      },
      {
        name: 'comment',
        label: 'Comment',
        type: 'textarea',
        rows: 4,
        autocomplete: 'off',
        hint: 'If you like, up to 500 characters.',
      },
    ],
    links: [backToBook(id)],
  }
}
