import { randomBytes } from 'node:crypto'
import { secretSetting } from '@books/runtime'
import type { HttpEndpoint } from '@books/service'
import type { Static, TObject } from 'typebox'
import type { PaymentProvider } from './payment-provider.ts'
import { createSandboxProvider } from './sandbox-provider.ts'

/** The variables that say where customers pay. */
export const paymentSettings = {
  /** The key of the payment sandbox, which both have. */
  PAYMENT_SANDBOX_KEY: secretSetting({ minLength: 16, isDevelopmentOnly: true }),
}

/** What a provider is chosen from. */
export interface PaymentProviderDeps {
  settings: Static<TObject<typeof paymentSettings>>
  sandbox: HttpEndpoint
  now: () => Date
}

/** The payment provider of these settings. */
export async function createPaymentProvider({ settings, sandbox, now }: PaymentProviderDeps): Promise<PaymentProvider> {
  // Without the key of the sandbox no call succeeds, and no event is taken.
  const key = settings.PAYMENT_SANDBOX_KEY ?? randomBytes(32).toString('hex')
  return createSandboxProvider({ url: sandbox.url, key, now })
}
