import { randomBytes } from 'node:crypto'
import { givenSecretSetting, type Log, secretSetting } from '@books/runtime'
import type { HttpEndpoint } from '@books/service'
import type { Static, TObject } from 'typebox'
import type { PaymentProvider } from './payment-provider.ts'
import { createSandboxProvider } from './sandbox-provider.ts'

/** The variables that say where customers pay. */
export const paymentSettings = {
  /** The secret or restricted key of Stripe's API. Without it the sandbox is used. */
  STRIPE_SECRET_KEY: givenSecretSetting({ pattern: '^(sk|rk)_' }),
  /** The signing secret of the webhook endpoint at Stripe. Needed with STRIPE_SECRET_KEY. */
  STRIPE_WEBHOOK_SECRET: givenSecretSetting({ pattern: '^whsec_' }),
  /** The key of the payment sandbox, which both have. */
  PAYMENT_SANDBOX_KEY: secretSetting({ minLength: 16, isDevelopmentOnly: true }),
}

/** What a provider is chosen from. */
export interface PaymentProviderDeps {
  settings: Static<TObject<typeof paymentSettings>>
  sandbox: HttpEndpoint
  now: () => Date
  log: Log
}

/** The payment provider of these settings: Stripe where its key is set, else the sandbox. */
export async function createPaymentProvider(deps: PaymentProviderDeps): Promise<PaymentProvider> {
  const { settings, sandbox, now, log } = deps
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = settings
  if (secretKey) {
    if (!webhookSecret) log.warn('no payment event is taken, as STRIPE_WEBHOOK_SECRET is not set')
    // Its library is large, and of no use to others.
    const { createStripeProvider } = await import('./stripe-provider.ts')
    return createStripeProvider({ secretKey, webhookSecret, now })
  }
  // Without the key of the sandbox no call succeeds, and no event is taken.
  const key = settings.PAYMENT_SANDBOX_KEY ?? randomBytes(32).toString('hex')
  return createSandboxProvider({ url: sandbox.url, key, now })
}
