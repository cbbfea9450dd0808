import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { interopCases } from './cases.ts'
import { runCase } from './run-case.ts'
import { testLimits, testService } from './test-service.ts'

describe("grpc's interoperability tests, this client against this server", () => {
  let server: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    server = await serve([testService()], { limits: testLimits })
  })
  afterAll(() => server.stop())

  it.each(Object.keys(interopCases))('%s', async (name) => {
    const outcome = runCase(name, { address: `127.0.0.1:${server.port}` })

    await expect(outcome).resolves.toBeUndefined()
  })
})
