import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Authority, Identity } from '../../testing/certificates/authority.ts'
import { serve } from '../../testing/index.ts'
import type { Call } from '../call/call.ts'
import { silentLog } from '../call/log.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { openChannel } from '../client/channel.ts'
import { createClient, createTransportClient } from '../client/client.ts'
import { listen } from '../server/listen.ts'
import { type RpcServer, startServer } from '../server/server.ts'
import { certificateFolder, expired, issue, newAuthority, validNow } from './tls.fixture.ts'
import type { TlsFiles } from './tls-files.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

let authority: Authority
let stranger: Authority
beforeAll(async () => {
  authority = await newAuthority()
  stranger = await newAuthority()
})

describe('TLS', () => {
  it('accepts every client that trusts the authority', async () => {
    const folder = await folderOf({ server: await issue(authority, []) })
    const { port, callers } = await start({ ...folder.of('server'), ca: undefined })

    const answer = await connect(port, { ca: folder.of('').ca }).greet({ name: 'Ada' })

    expect(answer).toEqual({ text: 'Hello, Ada' })
    expect(callers).toEqual([[]])
  })

  it('is used by `serve` with certificates', async () => {
    const folder = await folderOf({ server: await issue(authority, ['shop']) })
    const server = await serve([service(TourService, tour())], { tls: folder.of('server') })
    opened.defer(server.stop)

    expect(await server.client(TourService).greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it('refuses plaintext clients', async () => {
    const folder = await folderOf({ server: await issue(authority, []) })
    const { port, callers } = await start({ ...folder.of('server'), ca: undefined })

    await expect(connect(port, undefined).greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(callers).toEqual([])
  })

  it.each([
    ['of another authority', /unable to verify/, () => stranger.issue, {}],
    ['for another name', /altnames|does not match/, () => authority.issue, { names: ['recommendations'] }],
    ['that has expired', /certificate has expired/, () => authority.issue, expired],
  ])('refuses a server with a certificate %s', async (_, reason, issuer, subject) => {
    const identity = await issuer()({ names: ['localhost'], ...validNow, ...subject })
    const folder = await folderOf({})
    const port = await startBare(identity)

    const refused = connect(port, { ca: folder.of('').ca }).greet({ name: 'Ada' })

    await expect(refused).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
      message: expect.stringMatching(reason),
    })
  })
})

describe('mTLS', () => {
  it("gives handlers the names in the caller's certificate", async () => {
    const names = ['marketplace', 'spiffe://books/marketplace', '127.0.0.1']
    const folder = await folderOf({ server: await issue(authority, []), client: await issue(authority, names) })
    const { port, callers } = await start(folder.of('server'))
    const client = connect(port, folder.of('client'))

    await client.greet({ name: 'Ada' })
    await client.greet({ name: 'Bob' })

    const told = ['marketplace', 'spiffe://books/marketplace', 'localhost']
    expect(callers).toEqual([told, told])
  })

  it('reads a name with a comma as one name', async () => {
    const names = ['guest, DNS:marketplace', 'guest", URI:"books://marketplace']
    const folder = await folderOf({ server: await issue(authority, []), client: await issue(authority, names) })
    const { port, callers } = await start(folder.of('server'))

    await connect(port, folder.of('client')).greet({ name: 'Ada' })

    expect(callers).toEqual([[...names, 'localhost']])
  })

  it.each([
    ['without a certificate', async () => undefined],
    ['with a certificate of another authority', () => issue(stranger, ['marketplace'])],
    ['with a certificate that has expired', () => issue(authority, ['marketplace'], expired)],
  ])('refuses a client %s', async (_, identityOfClient) => {
    const folder = await folderOf({ server: await issue(authority, []) })
    const { port, callers } = await start(folder.of('server'))

    const client = connectBare(port, await identityOfClient())

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(callers).toEqual([])
  })
})

describe.each([
  ['startServer', async (tls: TlsFiles) => start(tls)],
  ['createClient', async (tls: TlsFiles) => connect(1, tls)],
])('%s fails in one line that names the file', (_, open) => {
  it.each([
    ['a certificate that is missing', 'server.crt', 'cannot be read (ENOENT)', { cert: 'gone/server.crt' }],
    ['a key that is missing', 'server.key', 'cannot be read (ENOENT)', { key: 'gone/server.key' }],
    ['an authority that is missing', 'ca.crt', 'cannot be read (ENOENT)', { ca: 'gone/ca.crt' }],
    ['a folder for a key', 'folder', 'cannot be read (EISDIR)', { key: 'folder' }],
    ['a certificate that is none', 'garbage', 'contains no certificate', { cert: 'garbage' }],
    ['a certificate that is cut off', 'half.crt', 'contains an invalid certificate', { cert: 'half.crt' }],
    ['a certificate that is broken', 'broken.crt', 'contains an invalid certificate', { cert: 'broken.crt' }],
    ['authorities on one line', 'joined.crt', 'contains an invalid certificate', { ca: 'joined.crt' }],
    ['an authority that is none', 'garbage', 'contains no certificate', { ca: 'garbage' }],
    ['a key that is none', 'garbage', 'contains no private key', { key: 'garbage' }],
    ['a key that is cut off', 'half.key', 'contains no private key', { key: 'half.key' }],
    ['a key of another certificate', 'other.key', 'is not the key of', { key: 'other.key' }],
    ['a certificate that has expired', 'old.crt', 'expired on', { cert: 'old.crt', key: 'old.key' }],
  ])('for %s', async (_what, file, problem, wrong) => {
    const folder = await folderOf({
      server: await issue(authority, []),
      other: await issue(authority, []),
      old: await issue(authority, [], expired),
    })
    const { certificate, key } = await issue(authority, [])
    folder.put('garbage', 'not a certificate at all')
    folder.put('half.crt', certificate + certificate.slice(0, 100))
    folder.put('broken.crt', certificate.replace(/MII.{20}/, 'MII'))
    folder.put('joined.crt', authority.certificate.trim() + authority.certificate)
    folder.put('half.key', key.slice(0, 100))
    mkdirSync(join(folder.path, 'folder'))
    const paths = Object.entries(wrong).map(([kind, name]) => [kind, join(folder.path, name)])

    const error = await open({ ...folder.of('server'), ...Object.fromEntries(paths) }).catch((thrown: Error) => thrown)

    const { message, path } = error as Error & { path: string }
    expect(message).toContain(problem)
    expect(message).toContain(path)
    expect(path.endsWith(file)).toBe(true)
    expect(message).not.toMatch(/\n|-----/)
    expect(error).toHaveProperty('syscall')
    expect(JSON.stringify([error, String((error as Error).cause)])).not.toContain(key.slice(30, 60))
  })
})

it('a server without a certificate does not start', async () => {
  const folder = await folderOf({})

  await expect(start({ ca: folder.of('').ca })).rejects.toThrow('a server needs tls.cert and tls.key')
})

it('a key without a certificate is refused', async () => {
  const folder = await folderOf({ client: await issue(authority, []) })

  expect(() => connect(1, { key: folder.of('client').key })).toThrow('tls.cert and tls.key go together')
})

/** A folder with the authority and these certificates. */
async function folderOf(identities: Record<string, Identity>) {
  const folder = certificateFolder()
  opened.defer(folder.remove)
  folder.put('ca.crt', authority.certificate)
  for (const [name, identity] of Object.entries(identities)) folder.putIdentity(name, identity)
  return folder
}

/** A server that notes the names of its callers. */
async function start(tls: TlsFiles): Promise<RpcServer & { callers: (readonly string[])[] }> {
  const callers: (readonly string[])[] = []
  const greet = async ({ name }: { name: string }, call: Call) => {
    callers.push(call.peer.names)
    return { text: `Hello, ${name}` }
  }
  const server = await startServer({
    address: '127.0.0.1:0',
    log: silentLog,
    tls,
    services: [service(TourService, tour({ greet }))],
  })
  opened.defer(server.stop)
  return { ...server, callers }
}

function connect(port: number, tls: TlsFiles | undefined) {
  const client = createClient(TourService, {
    address: `localhost:${port}`,
    descriptors: tourDescriptors(),
    tls,
    // The reason of the first failure is the one that is asked for.
    waitForReadyMs: 1,
  })
  opened.defer(client.close)
  return client
}

/** A server that does not look at its own certificate. */
async function startBare({ certificate, key }: Identity): Promise<number> {
  const server = new Server()
  opened.defer(() => server.forceShutdown())
  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) }
  return listen(server, ['127.0.0.1:0'], ServerCredentials.createSsl(null, [pair]))
}

/** A client that does not check its own certificate. */
function connectBare(port: number, identity: Identity | undefined) {
  const { certificate, key } = identity ?? {}
  const secured = credentials.createSsl(
    Buffer.from(authority.certificate),
    key ? Buffer.from(key) : null,
    certificate ? Buffer.from(certificate) : null,
  )
  const channel = openChannel(`localhost:${port}`, {
    credentials: { credentials: secured, close() {} },
    waitForReadyMs: 1,
  })
  opened.defer(channel.close)
  return createTransportClient(channel, TourService)
}
