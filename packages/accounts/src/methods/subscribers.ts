import type { AccountsServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import type { AccountsDeps } from './deps.ts'

const pageSize = 500

/** Lists those to whom offers may be mailed. */
export function createSubscriberMethods({
  stores: { accounts },
}: AccountsDeps): Pick<Handlers<typeof AccountsServiceService>, 'listSubscribers'> {
  return {
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
