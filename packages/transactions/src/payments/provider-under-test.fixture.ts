import type { Payment, PaymentProvider } from './payment-provider.ts'

/** An event as the provider sends it. */
export interface SentEvent {
  body: Uint8Array
  headers: Record<string, string>
}

/** How an adapter is created for a test. */
export interface AdapterOptions {
  /** Where the provider is. */
  url: string
  timeoutMs?: number
  now?: () => Date
  /** The key that gives access to the provider. */
  key?: string
}

/** A provider with its adapter. */
export interface ProviderUnderTest extends AsyncDisposable {
  url: string
  createAdapter(options: AdapterOptions): Promise<PaymentProvider>
  /** What the customer does on the provider's page. */
  choose(payment: Payment, outcome: 'pay' | 'decline'): Promise<void>
  /** The customer pays, and the next capture of the payment runs for as long as the test. */
  payAndHoldCapture(payment: Payment): Promise<void>
  /** Resolves once that capture runs. */
  captureRuns(payment: Payment): Promise<void>
  /** The next event about an order. */
  nextEvent(orderId: string): Promise<SentEvent>
  countPayments(orderId: string): Promise<number>
}
