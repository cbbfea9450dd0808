import type { Review } from '@books/proto'
import { Type } from 'typebox'
import type { Field } from '../account/fields.ts'
import type { Form, Typed } from '../account/form.ts'
import { text } from '../account/form-body.ts'
import { paths } from '../paths.ts'
import { backToBook } from './messages.ts'
import { starsText } from './review-entry.ts'
import { signInBody } from './send-reader-form.ts'

/** The schema of the form; what is wrong with its fields, reviews says. */
export const reviewBody = Type.Object({
  ...{ stars: text, title: text, text, name: text },
  ...signInBody.properties,
})

const fields: readonly Field[] = [
  {
    name: 'stars',
    label: 'Stars',
    type: 'select',
    autocomplete: 'off',
    isRequired: true,
    options: [
      { value: '', label: 'Choose' },
      ...[5, 4, 3, 2, 1].map((stars) => ({ value: String(stars), label: starsText(stars) })),
    ],
  },
  {
    name: 'title',
    label: 'Title',
    type: 'text',
    autocomplete: 'off',
    hint: 'Up to 150 characters. Only with a text.',
  },
  {
    name: 'text',
    label: 'Text',
    type: 'textarea',
    rows: 10,
    autocomplete: 'off',
    minLength: 20,
    hint: '20 to 5,000 characters about the book. Leave it and the title empty to give stars alone.',
  },
  {
    name: 'name',
    label: 'Name',
    type: 'text',
    autocomplete: 'nickname',
    isRequired: true,
    hint: 'It is shown with your review; nothing else of you is.',
  },
]

/** The form of a review of a book, which has a title where that is known. */
export function reviewForm(bookId: number, title: string | undefined, { hasReview = false } = {}): Form {
  const back = backToBook(bookId)
  return {
    heading: title === undefined ? 'Your review' : `Your review of ${title}`,
    action: paths.review(bookId),
    submit: 'Publish it',
    fields,
    links: hasReview ? [{ href: paths.deleteReview(bookId), label: 'Delete your review' }, back] : [back],
  }
}

/** What the form has at first: what the reader wrote before. */
export function typedOf(own: Review | undefined, accountName: string): Typed {
  if (!own) return { name: accountName }
  return { stars: String(own.stars), title: own.title, text: own.text, name: own.name || accountName }
}

/** The form that deletes a review. */
export function deleteForm(bookId: number): Form {
  return {
    heading: 'Delete your review',
    text: 'Your stars and what you wrote about this book are erased at once.',
    action: paths.deleteReview(bookId),
    submit: 'Delete it',
    fields: [],
    links: [{ href: paths.reviews(bookId), label: 'Keep it, and go back to the book' }],
  }
}
