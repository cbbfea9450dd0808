import { permissionDenied } from '@books/rpc'
import type { Account } from '../account.ts'
import { accountAndNetworkLimit } from '../attempts/attempt-limit.ts'
import type { AccountsDeps } from './deps.ts'
import { requirePassword } from './fields.ts'

/** A password that a signed-in person was asked for again. */
export interface AskedPassword {
  field: string
  account: Account
  password: string
}

/** Throws PERMISSION_DENIED where it is wrong, and RESOURCE_EXHAUSTED where it was wrong too often. */
export async function requirePasswordOf(
  { field, account, password }: AskedPassword,
  { attempts, passwords, now }: AccountsDeps,
  signal: AbortSignal,
): Promise<void> {
  const guess = requirePassword(field, password)
  const attempt = { kind: 'password', subject: [account.id], limit: accountAndNetworkLimit }
  await attempts.begin(attempt, now())
  const { isRight } = await passwords.verify(account.password, guess, signal)
  if (!isRight) throw permissionDenied('The password is wrong')
  await attempts.forget(attempt)
}
