import { Type } from 'typebox'

/** The schema of a text field: what is wrong with it, accounts says. */
export const text = Type.String({ default: '' })

/** The schema of the token of a mail in a query. */
export const linkQuery = Type.Object({
  token: Type.Optional(Type.String({ pattern: '^[\\w-]{1,200}$' })),
  /** Whether the mail was asked for just now. */
  sent: Type.Optional(Type.Literal('1')),
})
