import type { AccountsServiceService } from '@books/proto'
import { type Handlers, notFound } from '@books/rpc'
import type { AccountsDeps } from './deps.ts'

const pageSize = 500

/** Tells other services about readers. */
export function createReaderMethods({
  stores: { accounts },
}: AccountsDeps): Pick<Handlers<typeof AccountsServiceService>, 'getReader' | 'listSubscribers'> {
  return {
    async getReader({ readerId }) {
      const account = await accounts.findByReaderId(readerId)
      if (!account) throw notFound('No account has this reader id')
      const { name, email, accepts_offers, created_at } = account
      return { name, email, acceptsOffers: accepts_offers, createdAt: created_at }
    },

    async *listSubscribers() {
      for (let after = 0; ; ) {
        const page = await accounts.listSubscribers(after, pageSize)
        for (const { reader_id, name, email } of page) yield { readerId: reader_id, name, email }
        const last = page.at(-1)
        if (!last || page.length < pageSize) return
        after = last.reader_id
      }
    },
  }
}
