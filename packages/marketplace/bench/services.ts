import { serve } from '@books/rpc/testing'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../src/services.fixture.ts'

// A process with every service behind the shop, all on one port, as the tests fake them. It tells its port, and whenever
// it is asked, how many calls it has answered.
let calls = 0
const { port } = await serve([fakeRecommendations(), fakeInventory(), fakeArticles()], {
  interceptors: [
    async (_call, next) => {
      calls++
      await next()
    },
  ],
})
process.on('message', () => process.send?.(calls))
process.on('disconnect', () => process.exit())
process.send?.(port)
