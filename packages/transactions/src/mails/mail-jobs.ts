import type { MailContent, Mailer } from '@books/mail'
import { promotions } from '@books/pricing'
import type { AccountsServiceService, GetReaderResponse } from '@books/proto'
import { type Client, RpcError, Status } from '@books/rpc'
import type { Handler, Job } from '@books/runtime/outbox'
import type { OfferPayload } from '../campaign/offer-store.ts'
import { customerOf } from '../orders/customer.ts'
import type { Order, WholeOrder } from '../orders/order.ts'
import type { Stores } from '../stores.ts'
import { offer, receipt, refunded, shipped } from './mails.ts'

/** What the jobs need. */
export interface MailJobsDeps {
  stores: Pick<Stores, 'orders' | 'refunds'>
  accounts: Pick<Client<typeof AccountsServiceService>, 'getReader'>
  mailer: Mailer
  /** The address of the shop. */
  publicUrl: string
}

/**
 * The jobs that mail customers. A job has the id of its order only, and reads the rest when the mail is sent: so nothing personal is in
 * the outbox, and what was erased meanwhile is not mailed.
 */
export function createMailJobs({
  stores,
  accounts,
  mailer,
  publicUrl,
}: MailJobsDeps): Readonly<Record<string, Handler>> {
  const { orders, refunds } = stores

  async function send(key: string, id: string, contentOf: (whole: WholeOrder, url: string) => MailContent) {
    const whole = await orders.find(id)
    if (!whole || whole.order.email === null) return
    await mailer.send({ key, to: whole.order.email, content: contentOf(whole, urlOf(whole.order)) })
  }

  function urlOf({ id, secret }: Order): string {
    const url = new URL(`/orders/${id}`, publicUrl)
    if (secret !== null) url.searchParams.set('secret', secret)
    return url.href
  }

  async function findReader(readerId: number): Promise<GetReaderResponse | undefined> {
    try {
      return await accounts.getReader({ readerId })
    } catch (error) {
      if (error instanceof RpcError && error.code === Status.NOT_FOUND) return undefined
      throw error
    }
  }

  return {
    receipt: ({ key }) => send(`receipt/${key}`, key, receipt),

    shipped: ({ key }) => send(`shipped/${key}`, key, shipped),

    async refund({ key }) {
      const [id = '', number = ''] = key.split('/')
      const refund = await refunds.find(id, Number(number))
      if (refund) await send(`refund/${key}`, id, (whole, url) => refunded(whole, refund, url))
    },

    async offer({ key, payload }: Job) {
      const { readerId } = payload as OfferPayload
      // Both may have changed since the campaign was run.
      const used = await orders.listUsedPromotions(customerOf(readerId))
      if (promotions.every((promotion) => used.includes(promotion))) return
      const reader = await findReader(readerId)
      if (!reader?.acceptsOffers) return
      const links = { shop: new URL('/', publicUrl).href, account: new URL('/account', publicUrl).href }
      await mailer.send({ key: `offer/${key}`, to: reader.email, content: offer({ name: reader.name, ...links }) })
    },
  }
}
