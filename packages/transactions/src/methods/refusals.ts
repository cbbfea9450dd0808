import type { ErrorDetails } from '@books/rpc'

/** The details of an error that says its reason to programs. */
export function reason(
  reason: string,
  metadata: Readonly<Record<string, string>> = {},
): Required<Pick<ErrorDetails, 'errorInfo'>> {
  return { errorInfo: { reason, domain: 'books.transactions', metadata: { ...metadata } } }
}

/** The constraint that a statement violated, where another row has what this one needs. */
export function violatedConstraintOf(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  return code === '23505' && typeof constraint === 'string' ? constraint : undefined
}
