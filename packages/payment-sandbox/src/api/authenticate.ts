import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'

/** A hook that refuses requests without the bearer key. */
export function authenticate(key: string) {
  const expected = digest(`Bearer ${key}`)
  return async ({ headers }: FastifyRequest): Promise<void> => {
    if (timingSafeEqual(digest(headers.authorization ?? ''), expected)) return
    throw new ApiError(
      401,
      'unauthenticated',
      'the header Authorization must be `Bearer`, a space and PAYMENT_SANDBOX_KEY',
    )
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
