/**
 * `open`: the customer may pay. `authorized`: the amount is set aside, to be captured or cancelled. Final are `captured`, `declined`
 * and `cancelled`.
 */
export type PaymentState = 'open' | 'authorized' | 'captured' | 'declined' | 'cancelled'

/** A payment as the provider keeps it. */
export interface Payment {
  /** The provider's, at most 255 characters. */
  id: string
  state: PaymentState
  amountCents: number
  /** Of what was captured. */
  refundedCents: number
  /** ISO 4217. */
  currency: string
  /** The provider's page on which the customer pays, while the payment is open. */
  redirectUrl: string | undefined
}

/** A payment to be begun. */
export interface NewPayment {
  orderId: string
  amountCents: number
  /** ISO 4217. */
  currency: string
  email: string
  /** Where the provider sends the customer after they have paid, or do not want to. */
  returnUrl: string
  /** When the provider's page stops taking the payment: 30 minutes to 24 hours from now. */
  expiresAt: Date
  /** What the customer reads on the provider's page. */
  description: string
}

/** What a provider told. It may come more than once, late or early: a hint to look the payment up. */
export interface PaymentEvent {
  /** The same for an event that comes again. */
  id: string
  orderId: string
  paymentId: string
}

/**
 * Where customers pay. Every method fails with a PaymentError, and takes 10 seconds at most; `signal` ends it earlier. A method that
 * takes a key (at most 200 characters) has its effect once for each key, for 23 hours, and then answers the payment as it is.
 */
export interface PaymentProvider {
  /** Begins a payment that is captured by hand once it is authorized. */
  start(key: string, payment: NewPayment, signal?: AbortSignal): Promise<Payment>
  /** `rejected` where there is no such payment. */
  find(paymentId: string, signal?: AbortSignal): Promise<Payment>
  /** The payment of an order, for a start whose outcome is not known after its key is forgotten. */
  findByOrder(orderId: string, signal?: AbortSignal): Promise<Payment | undefined>
  /** Takes the amount. A captured payment is answered as it is; `declined` where another state rules it out for good. */
  capture(key: string, paymentId: string, signal?: AbortSignal): Promise<Payment>
  /** Closes the provider's page, or gives up what was set aside. A final payment is answered as it is. */
  cancel(key: string, paymentId: string, signal?: AbortSignal): Promise<Payment>
  /** Gives a part of a captured payment back. */
  refund(key: string, paymentId: string, amountCents: number, signal?: AbortSignal): Promise<Payment>
  /**
   * Reads an event, with the names of its headers in lower case. `rejected` where its signature is wrong or old; undefined where it
   * is about no payment of an order.
   */
  readEvent(body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<PaymentEvent | undefined>
}

/**
 * `declined`: definitely not, also under another key. `unknown`: it may have happened; ask again with the same key. `busy`: nothing
 * happened; ask again later with the same key. `rejected`: the request is wrong.
 */
export type PaymentErrorKind = 'declined' | 'unknown' | 'busy' | 'rejected'

/** Why a provider did not do what was asked. */
export class PaymentError extends Error {
  override readonly name = 'PaymentError'
  readonly kind: PaymentErrorKind

  constructor(kind: PaymentErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
