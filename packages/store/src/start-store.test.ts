import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { runProcess } from '@books/runtime/testing'
import { expect, it } from '@jest/globals'
import { freePorts } from './store.fixture.ts'

it.each([
  ['inventory', 'INVENTORY_PORT'],
  ['marketplace', 'PORT'],
])('names the variable that moves the port of %s where it is taken', async (name, variable) => {
  await using taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo

  const settings = { ...freePorts, MARKETPLACE_PORT: '', [variable]: String(port), DATA_DIR: 'memory://' }
  const { code, stderr } = await runProcess(new URL('./main.ts', import.meta.url), settings).ended

  const reason = `the port is already in use; set ${variable} to another`
  expect([code, stderr]).toEqual([1, `books: ${name}: cannot listen on 127.0.0.1:${port}: ${reason}\n`])
})
