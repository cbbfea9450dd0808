import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, expect, it } from '@jest/globals'
import { findFreePort } from './find-free-port.ts'

const taken = createServer()
afterEach(() => void taken.close())

it('finds a port that is free, and says that another is not', async () => {
  await once(taken.listen(0), 'listening')
  const { port } = taken.address() as AddressInfo

  expect(await findFreePort(0)).toBeGreaterThan(0)
  expect(await findFreePort(port)).toBeUndefined()
})
