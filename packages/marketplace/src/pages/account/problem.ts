import { type RpcError, retryDelayMsOf, Status } from '@books/rpc'

/** Why a form was not accepted. */
export interface Problem {
  /** The HTTP status of the page that says so. */
  status: number
  /** What is wrong with a field, by its name: the rest of a sentence that begins with its label. */
  violations: Readonly<Record<string, string>>
  /** What is wrong, where it is no single field. */
  text: string | undefined
  retryAfterSeconds?: number
  /** The backend that did not answer. */
  away?: string
}

const invalidForm = 422
const retryWhenAwaySeconds = 5

/** Says that a backend did not answer a form. */
export function awayProblem(away: string, text: string): Problem {
  return { status: 503, violations: {}, text, retryAfterSeconds: retryWhenAwaySeconds, away }
}

/** Says that accounts did not. */
export const accountsAway = awayProblem(
  'accounts',
  'We cannot reach our accounts just now, so this has to wait. Please try again in a moment.',
)

/** What an error of accounts, or of another backend, means for the form that was sent. */
export function problemOf(error: RpcError, whenAway: Problem = accountsAway): Problem {
  const { code, details } = error
  if (code === Status.INVALID_ARGUMENT) {
    const found = details.badRequest?.fieldViolations.map(({ field, description }) => [field, description]) ?? []
    return { status: invalidForm, violations: Object.fromEntries(found), text: undefined }
  }
  if (code === Status.UNAUTHENTICATED || code === Status.PERMISSION_DENIED)
    return { status: invalidForm, violations: {}, text: undefined }
  if (code === Status.RESOURCE_EXHAUSTED) {
    const retryAfterSeconds = Math.max(Math.ceil((retryDelayMsOf(details) ?? 0) / 1_000), 1)
    const text = `That was too often. Please try again in ${inWords(retryAfterSeconds)}.`
    return { status: 429, violations: {}, text, retryAfterSeconds }
  }
  return whenAway
}

/** A time to wait for, such as `2 minutes`. */
export function inWords(seconds: number): string {
  if (seconds === 1) return 'a second'
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
