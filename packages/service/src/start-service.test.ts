import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EchoService, InventoryServiceService, loadDescriptors } from '@books/proto'
import {
  type Call,
  createClient,
  createHealthClient,
  raise,
  ServingStatus,
  Status,
  service,
  unavailable,
} from '@books/rpc'
import { writeCertificates } from '@books/rpc/certificates'
import { fakeService, serve } from '@books/rpc/testing'
import { silentLog as log, openMemoryDatabase } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { type AnyService, defineService } from './define-service.ts'
import { dependency, httpDependency } from './dependency.ts'
import { readServiceSettings } from './service-settings.ts'
import { type RunningService, startService } from './start-service.ts'

const quiet = { services: [service(EchoService, { reply: async ({ message }) => ({ message }) })] }

/** Replies with the ids that inventory does not know. */
const asking = defineService({
  name: 'asking',
  port: 1,
  dependencies: { inventory: dependency(InventoryServiceService, { port: 1 }) },
  async start({ clients }) {
    const reply = async () => ({ message: String((await clients.inventory.getBooks({ ids: [7] })).unknownIds) })
    return { services: [service(EchoService, { reply })] }
  },
})

describe('startService', () => {
  it('answers on a free port', async () => {
    const echo = defineService({ name: 'echo', port: 1, start: async () => quiet })
    await using running = await start(echo)
    using client = clientOf(running)

    expect(await client.reply({ message: 'Good evening' })).toEqual({ message: 'Good evening' })
  })

  it('closes what it had opened, the last first, when its server cannot start', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const closed: string[] = []
    let call: (() => Promise<unknown>) | undefined
    const unlucky = defineService({
      name: 'unlucky',
      port: 1,
      dependencies: { inventory: dependency(InventoryServiceService, { port: 1, isOptional: true }) },
      async start({ clients, cleanup, signal }) {
        signal.addEventListener('abort', () => closed.push('signal'))
        cleanup.defer(() => void closed.push('first'))
        cleanup.defer(() => void closed.push('second'))
        call = () => clients.inventory.getBooks({})
        return quiet
      },
    })

    const { port } = taken.address() as AddressInfo
    await expect(start(unlucky, { PORT: String(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    taken.close()

    expect(closed).toEqual(['signal', 'second', 'first'])
    await expect(call?.()).rejects.toThrow(/shut ?down|closed/i)
  })

  it('aborts its signal when it begins to stop, and cleans up only after the calls that run', async () => {
    const order: string[] = []
    const called = Promise.withResolvers<void>()
    const slow = defineService({
      name: 'slow',
      port: 1,
      async start({ cleanup, signal }) {
        cleanup.defer(() => void order.push('cleanup'))
        const reply = async () => {
          called.resolve()
          await once(signal, 'abort')
          order.push('signal')
          return { message: 'answered' }
        }
        return { services: [service(EchoService, { reply })] }
      },
    })
    const running = await start(slow)
    using client = clientOf(running)

    const answer = client.reply({})
    await called.promise
    await Promise.all([running.stop(), running.stop()])

    expect(await answer).toEqual({ message: 'answered' })
    expect(order).toEqual(['signal', 'cleanup'])
  })

  it.each([
    [true, ServingStatus.SERVING],
    [false, ServingStatus.NOT_SERVING],
  ])('is ready without a dependency only if that is optional: %s', async (isOptional, expected) => {
    const needing = defineService({
      name: 'needing',
      port: 1,
      dependencies: { inventory: dependency(InventoryServiceService, { port: 1, isOptional, waitForReadyMs: 0 }) },
      start: async () => quiet,
    })
    await using running = await start(needing)
    using health = createHealthClient({ address: `127.0.0.1:${running.port}` })

    expect(await health.check({})).toMatchObject({ status: expected })
  })

  it('knows where a dependency by HTTP is, and is ready without it', async () => {
    let url: string | undefined
    const paying = defineService({
      name: 'paying',
      port: 1,
      dependencies: { 'payment-sandbox': httpDependency({ port: 5_001 }) },
      async start({ clients }) {
        url = clients['payment-sandbox'].url
        return quiet
      },
    })
    await using running = await start(paying, { PAYMENT_SANDBOX_HOST: '::1', PAYMENT_SANDBOX_PORT: '1' })
    using health = createHealthClient({ address: `127.0.0.1:${running.port}` })

    expect(url).toBe('http://[::1]:1')
    expect(await health.check({})).toMatchObject({ status: ServingStatus.SERVING })
  })

  it('has clients that make a read-only call again, as the contracts say', async () => {
    let asked = 0
    const getBooks = async () => (++asked === 1 ? raise(unavailable('not yet')) : { books: [], unknownIds: [7] })
    await using inventory = await serve([fakeService(InventoryServiceService, { getBooks })])
    await using running = await start(asking, { INVENTORY_HOST: '127.0.0.1', INVENTORY_PORT: String(inventory.port) })
    // It makes no call again by itself.
    using client = createClient(EchoService, {
      address: `127.0.0.1:${running.port}`,
      descriptors: new Uint8Array(),
    })

    expect(await client.reply({})).toEqual({ message: '7' })
    expect(asked).toBe(2)
  })

  it.each(['::1', '[::1]'])('listens on the host %s, and calls a dependency there', async (host) => {
    const getBooks = async () => ({ books: [], unknownIds: [7] })
    await using inventory = await serve([fakeService(InventoryServiceService, { getBooks })], { address: '[::1]:0' })
    const settings = { HOST: host, INVENTORY_HOST: host, INVENTORY_PORT: String(inventory.port) }
    await using running = await start(asking, settings)
    using client = createClient(EchoService, { address: `[::1]:${running.port}`, descriptors: new Uint8Array() })

    expect(await client.reply({})).toEqual({ message: '7' })
  })

  it('ends a call that its caller would wait for too long', async () => {
    const hanging = defineService({
      name: 'hanging',
      port: 1,
      async start() {
        const reply = (_request: unknown, { signal }: Call) =>
          once(signal, 'abort').then(() => ({ message: 'never answered' }))
        return { services: [service(EchoService, { reply })] }
      },
    })
    await using running = await start(hanging, { MAX_DEADLINE_MS: '50' })
    using client = clientOf(running)

    await expect(client.reply({}, { deadlineMs: 60_000 })).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
  })

  it('answers only its callers, and some methods only some of them, where a certificate tells who calls', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'books-callers-'))
    const names = ['guarded', 'marketplace', 'transactions', 'guest']
    await writeCertificates(folder, names, new Date())
    const files = (name: string) => ({
      ca: join(folder, 'ca.crt'),
      cert: join(folder, `${name}.crt`),
      key: join(folder, `${name}.key`),
    })
    const { ca, cert, key } = files('guarded')
    const inventory = fakeService(InventoryServiceService, {
      getBooks: async () => ({ books: [], unknownIds: [] }),
      searchBooks: async () => ({ matches: [], totalSize: 0 }),
    })
    const guarded = defineService({
      name: 'guarded',
      port: 1,
      callers: ['marketplace', 'transactions'],
      methodCallers: { SearchBooks: ['transactions'] },
      start: async () => ({ services: [inventory] }),
    })
    await using running = await start(guarded, { TLS_CA: ca, TLS_CERT: cert, TLS_KEY: key })
    const callAs = async (name: string, method: 'getBooks' | 'searchBooks') => {
      const address = `localhost:${running.port}`
      using client = createClient(InventoryServiceService, {
        address,
        tls: files(name),
        descriptors: loadDescriptors(),
      })
      return await client[method]({})
    }

    const denied = { code: Status.PERMISSION_DENIED }
    await callAs('marketplace', 'getBooks')
    await callAs('transactions', 'searchBooks')
    await expect(callAs('marketplace', 'searchBooks')).rejects.toMatchObject(denied)
    await expect(callAs('guest', 'getBooks')).rejects.toMatchObject(denied)
    await rm(folder, { recursive: true })
  })

  it('refuses a certificate that it cannot read before it changes the database', async () => {
    await using database = await openMemoryDatabase()
    const keeping = defineService({
      name: 'keeping',
      port: 1,
      migrations: new URL('./statements.fixture/', import.meta.url),
      start: async () => quiet,
    })
    const settings = readServiceSettings(keeping, { TLS_CERT: '/nowhere/own.crt', TLS_KEY: '/nowhere/own.key' })

    await expect(startService(keeping, { settings, log, database })).rejects.toThrow(
      'the TLS file /nowhere/own.crt cannot be read (ENOENT)',
    )
    const other = await database.open('other', new URL('./statements.fixture/', import.meta.url))
    expect((await sql`select 1 from pg_namespace where nspname = 'keeping'`.execute(other)).rows).toEqual([])
  })

  it('does not start where a method that only some may call is misspelt', async () => {
    const misspelt = defineService({
      name: 'misspelt',
      port: 1,
      methodCallers: { Replay: ['marketplace'] },
      start: async () => quiet,
    })

    await expect(start(misspelt)).rejects.toThrow('methodCallers of misspelt names Replay, which is no method of it')
  })

  it('says which service needs a database that it was not given', async () => {
    const keeping = defineService({
      name: 'keeping',
      port: 1,
      migrations: new URL('./', import.meta.url),
      start: async () => quiet,
    })

    await expect(start(keeping)).rejects.toThrow('keeping has migrations and needs a database')
  })
})

function start(definition: AnyService, env: Record<string, string> = {}) {
  const settings = readServiceSettings(definition, { HOST: '127.0.0.1', PORT: '0', ...env })
  return startService(definition, { settings, log })
}

function clientOf({ port }: RunningService) {
  return createClient(EchoService, { address: `127.0.0.1:${port}`, descriptors: loadDescriptors() })
}
