import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Authority, Identity } from '../../testing/certificates/authority.ts'
import type { Call } from '../call/call.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient } from '../client/client.ts'
import { startServer } from '../server/server.ts'
import {
  type CertificateFolder,
  certificateFolder,
  expired,
  issue,
  newAuthority,
  type RecordedLog,
  recordedLog,
} from './tls.fixture.ts'
import type { TlsFiles } from './tls-files.ts'

const renewed = 'new certificates are in use'
const kept = 'the former certificates stay in use'

describe('reloaded certificates', () => {
  let folder: CertificateFolder
  let log: RecordedLog
  let authority: Authority
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  beforeEach(async () => {
    folder = certificateFolder()
    log = recordedLog()
    authority = await newAuthority()
    folder.put('ca.crt', authority.certificate)
    folder.putIdentity('server', await issue(authority, []))
    folder.putIdentity('client', await issue(authority, ['marketplace']))
  })
  afterEach(async () => {
    await opened.disposeAsync()
    folder.remove()
  })

  it('change under load without a failed call, the authority included', async () => {
    const { port } = await start()
    const load = callWithoutPause(port)
    const next = await newAuthority()
    const change = async (work: () => Promise<void> | void) => {
      const times = log.lines.filter(({ message }) => message === renewed).length
      await work()
      await log.has(renewed, times + 1)
      // Every client that read the former files has connected with them.
      await load.everybodyTurned()
    }

    for (let time = 0; time < 5; time++) {
      const server = await issue(authority, [])
      await change(async () => {
        folder.put('server.key', server.key)
        await load.everybodyTurned()
        folder.put('server.crt', server.certificate)
      })
      expect(await serialOf(port)).toBe(serialIn(server))
    }
    const [server, client] = [await issue(next, []), await issue(next, ['marketplace'])]
    await change(() => folder.put('ca.crt', authority.certificate + next.certificate))
    folder.putIdentity('client', client)
    await load.everybodyTurned()
    await change(() => folder.putIdentity('server', server))
    await change(() => folder.put('ca.crt', next.certificate))
    expect(await serialOf(port)).toBe(serialIn(server))
    await load.reaches(3_000)
    const { failures, connections, calls } = await load.stop()

    expect(failures).toEqual([])
    expect(calls).toBeGreaterThanOrEqual(3_000)
    expect(connections).toBeGreaterThan(100)
  })

  it.each([
    ['a key that was replaced before its certificate', async () => folder.put('server.key', (await anyIdentity()).key)],
    ['a certificate that is none', async () => folder.put('server.crt', 'garbage')],
    ['a key that is none', async () => folder.put('server.key', 'garbage')],
    ['an authority that is none', async () => folder.put('ca.crt', '')],
    ['a file that is away', async () => renameSync(folder.of('server').key, join(folder.path, 'elsewhere'))],
    ['a certificate that has expired', async () => folder.putIdentity('server', await issue(authority, [], expired))],
  ])('stay in use after %s, which is logged once', async (_, spoil) => {
    const { port } = await start()
    const before = await serialOf(port)

    await spoil()
    await log.has(kept)
    const meanwhile = [await serialOf(port), await serialOf(port)]
    const mended = await issue(authority, [])
    folder.put('ca.crt', authority.certificate)
    folder.putIdentity('server', mended)
    await log.has(renewed)

    expect(meanwhile).toEqual([before, before])
    expect(await serialOf(port)).toBe(serialIn(mended))
    expect(log.lines.filter(({ message }) => message === kept)).toHaveLength(1)
  })

  it('are found behind symbolic links that are swapped, as in a Kubernetes secret', async () => {
    const [first, second] = [await issue(authority, []), await issue(authority, [])]
    const putVersion = (version: string, { certificate, key }: Identity) => {
      mkdirSync(join(folder.path, version))
      folder.put(`${version}/tls.crt`, certificate)
      folder.put(`${version}/tls.key`, key)
      symlinkSync(version, join(folder.path, '..next'))
      renameSync(join(folder.path, '..next'), join(folder.path, '..data'))
    }
    putVersion('first', first)
    for (const file of ['tls.crt', 'tls.key']) symlinkSync(`..data/${file}`, join(folder.path, file))
    const { port } = await start({ ...folder.of('tls') })

    putVersion('second', second)
    await log.has(renewed)

    expect(await serialOf(port)).toBe(serialIn(second))
  })

  it('are used by a client that reconnects', async () => {
    const first = await start()
    const ofClient = recordedLog()
    const client = connect(first.port, ofClient)
    await client.greet({ name: 'Ada' })

    folder.putIdentity('client', await issue(authority, ['shop']))
    await ofClient.has(renewed)
    await client.greet({ name: 'on the connection that is there' })
    await first.stop()
    const second = await start(folder.of('server'), first.port)
    await client.greet({ name: 'Bob' })

    expect([...first.callers, ...second.callers].map(([name]) => name)).toEqual(['marketplace', 'marketplace', 'shop'])
  })

  async function start(tls: TlsFiles = folder.of('server'), port = 0) {
    const callers: (readonly string[])[] = []
    const greet = async ({ name }: { name: string }, call: Call) => {
      callers.push(call.peer.names)
      return { text: `Hello, ${name}` }
    }
    const services = [service(TourService, tour({ greet }))]
    const server = await startServer({ address: `127.0.0.1:${port}`, log, tls, services })
    opened.defer(server.stop)
    return { ...server, callers }
  }

  function connect(port: number, ofClient?: RecordedLog) {
    const client = createClient(TourService, {
      address: `localhost:${port}`,
      descriptors: tourDescriptors(),
      tls: folder.of('client'),
      log: ofClient,
    })
    opened.defer(client.close)
    return client
  }

  function anyIdentity() {
    return issue(authority, [])
  }

  /** Some callers keep their connection, others make a new one for every few calls. */
  function callWithoutPause(port: number) {
    const failures: unknown[] = []
    const progress = new Set<() => void>()
    const turns = [0, 0, 0, 0]
    let calls = 0
    let connections = 0
    const over = new AbortController()
    const turn = async (client: ReturnType<typeof connect>) => {
      for (let call = 0; call < 10; call++) {
        await client.greet({ name: 'Ada' })
        await Array.fromAsync(client.count({ to: 2 }))
        calls += 2
      }
    }
    const caller = async (index: number) => {
      const steady = index % 2 === 0 ? connect(port) : undefined
      while (!over.signal.aborted && failures.length === 0) {
        const client =
          steady ??
          createClient(TourService, {
            address: `localhost:${port}`,
            descriptors: tourDescriptors(),
            tls: folder.of('client'),
          })
        connections += 1
        await turn(client).catch((error) => failures.push(error))
        if (client !== steady) client.close()
        turns[index] = (turns[index] ?? 0) + 1
        for (const look of progress) look()
      }
    }
    const running = Promise.all(turns.map((_, index) => caller(index)))
    const until = (isThere: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!isThere() && failures.length === 0) return
          progress.delete(look)
          resolve()
        }
        progress.add(look)
        look()
      })

    return {
      /** Resolves once each caller has begun and ended a turn from now on. */
      everybodyTurned() {
        const before = [...turns]
        return until(() => turns.every((count, index) => count >= (before[index] ?? 0) + 2))
      },
      reaches: (count: number) => until(() => calls >= count),
      async stop() {
        over.abort()
        await running
        return { failures, connections, calls }
      },
    }
  }

  /** The serial number of the certificate that a new connection gets to see. */
  async function serialOf(port: number): Promise<string> {
    const { certificate, key } = await issue(authority, ['observer'])
    const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', cert: certificate, key, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { serialNumber } = socket.getPeerCertificate()
    socket.on('error', () => {}).destroy()
    return serialNumber
  }
})

function serialIn({ certificate }: Identity): string {
  return new X509Certificate(certificate).serialNumber
}
