import type { Account } from '@books/proto'
import { RpcError, Status } from '@books/rpc'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { fields } from '../account/fields.ts'
import { type Form, formPage, type Typed } from '../account/form.ts'
import { text } from '../account/form-body.ts'
import { accountsAway, awayProblem, type Problem, problemOf } from '../account/problem.ts'
import { formCall } from '../account/send-form.ts'
import { beginSession, originOf } from '../account/session.ts'
import { showPage } from '../show-page.ts'

/** The schema of what a form has in addition where its reader has to sign in again. */
export const signInBody = Type.Object({ email: text, password: text })

/** A form that was sent, and what was typed into its own fields. */
export interface SentForm {
  form: Form
  typed: Typed
  signIn: Static<typeof signInBody>
}

/** Backends that the forms about reviews use. */
export type ReviewBackends = Pick<Backends, 'accounts' | 'recorder' | 'inventory' | 'ratings' | 'reviews'>

/** Options of calls for these forms. */
export const reviewCall = { deadlineMs: 6_000 }

/**
 * Does what a form of a reader is for. Where that is refused or does not work, shows the form again, with what is wrong and what was typed.
 * Where the session has ended meanwhile, the form asks for the password, too, and signs in with it first.
 */
export async function sendReaderForm(
  { accounts, recorder }: ReviewBackends,
  request: FastifyRequest,
  reply: FastifyReply,
  { form, typed, signIn }: SentForm,
  run: (reader: Account) => Promise<FastifyReply>,
): Promise<FastifyReply | string> {
  const show = (problem: Problem, shown = form, { email = '' } = {}) => {
    if (problem.away) request.log.warn({ backend: problem.away }, 'a form was not answered')
    if (problem.retryAfterSeconds) reply.header('retry-after', problem.retryAfterSeconds)
    const page = formPage(shown, reply.generateCsrf(), { ...typed, email }, problem)
    return showPage(request, reply.code(problem.status), 'form.hbs', page)
  }

  const visitor = await visitorOf(request, reply, { isMain: true })
  if (visitor.kind === 'unknown') return show(accountsAway)
  let reader = visitor.kind === 'reader' ? visitor.account : undefined
  if (!reader) {
    const signInForm = withSignIn(form)
    if (signIn.password === '') return show(signedOut, signInForm, signIn)
    try {
      const begun = await accounts.signIn({ ...signIn, origin: originOf(request) }, formCall)
      await beginSession(request, reply, { accounts, recorder }, begun)
      reader = begun.account
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      return show(problemOf(error), signInForm, signIn)
    }
  }
  if (!reader) return show(accountsAway)
  try {
    return await run(reader)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    if (error.code === Status.NOT_FOUND) {
      reply.callNotFound()
      return reply
    }
    return show(problemOf(error, reviewsAway))
  }
}

/** Says that reviews did not answer a form. */
const reviewsAway = awayProblem(
  'reviews',
  'We cannot reach our reviews just now. What you wrote is still here: please send it again in a moment.',
)

const signedOut: Problem = {
  status: 422,
  violations: {},
  text: 'You are not signed in any more. What you wrote is still here: sign in with it, and it is sent.',
}

function withSignIn(form: Form): Form {
  return {
    ...form,
    submit: `Sign in, and ${form.submit.toLowerCase()}`,
    fields: [...form.fields, fields.email, fields.password],
    passwordField: 'password',
    wrongPassword: 'The address or the password is wrong.',
  }
}
