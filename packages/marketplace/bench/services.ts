import { serve } from '@books/rpc/testing'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../src/services.fixture.ts'

// This process serves the fake backends of the tests on one port. It sends its port, and for each message the number of
// calls that it has answered.
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
