import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Authority } from '../../testing/certificates/authority.ts'
import { serve, streamOf } from '../../testing/index.ts'
import { silentLog } from '../call/log.ts'
import { Status } from '../call/rpc-error.ts'
import { type Handlers, type ServiceOptions, service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { type Client, createClient } from '../client/client.ts'
import { type CertificateFolder, certificateFolder, issue, newAuthority } from '../tls/tls.fixture.ts'
import { type RpcServer, startServer } from './server.ts'

type Tour = typeof TourService
const kinds = {
  greet: (client: Client<Tour>) => client.greet({ name: 'Ada' }),
  count: (client: Client<Tour>) => Array.fromAsync(client.count({ to: 2 })),
  sum: (client: Client<Tour>) => client.sum(streamOf({ number: 1 })),
  chat: (client: Client<Tour>) => Array.fromAsync(client.chat(streamOf({ text: 'one' }))),
}
const refused = { code: Status.PERMISSION_DENIED, message: 'The caller is not allowed to call this method' }

describe.each(Object.entries(kinds))('a %s that allows the marketplace', (kind, call) => {
  const allowedCallers = { [kind]: ['marketplace', 'spiffe://books/shop'] }

  it.each(['marketplace', 'spiffe://books/shop'])('handles a call of %s', async (caller) => {
    const client = await connect({ allowedCallers }, caller)

    expect(await call(client)).toBeDefined()
  })

  it.each(['guest', 'marketplace.example', 'guest, DNS:marketplace'])('refuses a call of %s', async (caller) => {
    const handled: string[] = []
    const client = await connect({ allowedCallers }, caller, handled)

    await expect(call(client)).rejects.toMatchObject(refused)
    expect(handled).toEqual([])
  })

  it('refuses a caller without a certificate, encrypted or not', async () => {
    const encrypted = await connect({ allowedCallers }, undefined)
    await using plain = await serve([service(TourService, tour(), { allowedCallers })])

    await expect(call(encrypted)).rejects.toMatchObject(refused)
    await expect(call(plain.client(TourService))).rejects.toMatchObject(refused)
  })
})

describe('authorization', () => {
  it('allows every caller of a method without names', async () => {
    const client = await connect({ allowedCallers: { count: ['marketplace'] } }, undefined)

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    await expect(Array.fromAsync(client.count({ to: 1 }))).rejects.toMatchObject(refused)
  })

  it('of `*` is for every method that is not named', async () => {
    const allowedCallers = { '*': ['marketplace'], greet: ['guest'] }
    const [marketplace, guest] = [
      await connect({ allowedCallers }, 'marketplace'),
      await connect({ allowedCallers }, 'guest'),
    ]

    expect(await marketplace.sum(streamOf({ number: 1 }))).toEqual({ total: 1 })
    await expect(guest.sum(streamOf({ number: 1 }))).rejects.toMatchObject(refused)
    expect(await guest.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    await expect(marketplace.greet({ name: 'Ada' })).rejects.toMatchObject(refused)
  })

  it('allows no caller where the list of names is empty', async () => {
    const client = await connect({ allowedCallers: { greet: [] } }, 'marketplace')

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject(refused)
  })
})

let authority: Authority
let folder: CertificateFolder
const servers: RpcServer[] = []
const clients: Client<Tour>[] = []
beforeAll(async () => {
  authority = await newAuthority()
  folder = certificateFolder()
  folder.put('ca.crt', authority.certificate)
  folder.putIdentity('server', await issue(authority, []))
})
afterAll(async () => {
  for (const client of clients) client.close()
  for (const server of servers) await server.stop()
  folder.remove()
})

/** A client whose certificate has this name; without a name, TLS without a client certificate. */
async function connect(options: ServiceOptions<Tour>, name: string | undefined, handled: string[] = []) {
  const { ca, cert, key } = folder.of('server')
  const server = await startServer({
    address: '127.0.0.1:0',
    log: silentLog,
    services: [service(TourService, tour(noting(handled)), options)],
    tls: { ca: name && ca, cert, key },
  })
  servers.push(server)
  // Files of its own, as clients follow theirs.
  const own = `client-${clients.length}`
  if (name) folder.putIdentity(own, await issue(authority, [name]))
  const client = createClient(TourService, {
    address: `localhost:${server.port}`,
    descriptors: tourDescriptors(),
    tls: name ? folder.of(own) : { ca },
  })
  clients.push(client)
  return client
}

function noting(handled: string[]): Partial<Handlers<Tour>> {
  const handlers = Object.entries(tour()).map(([name, handler]: [string, (...given: never[]) => unknown]) => [
    name,
    (...given: never[]) => {
      handled.push(name)
      return handler(...given)
    },
  ])
  return Object.fromEntries(handlers)
}
