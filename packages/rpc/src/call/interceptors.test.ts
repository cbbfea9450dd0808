import { Metadata } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from '@jest/globals'
import { serve, streamOf, type TestServer } from '../../testing/index.ts'
import type { Client } from '../client/client.ts'
import type { ServerInterceptor } from '../server/handler-pipeline.ts'
import type { ClientInterceptor } from './client-call.ts'
import { type Log, silentLog } from './log.ts'
import { notFound, RpcError, Status } from './rpc-error.ts'
import { service } from './service.ts'
import { TourService, tour } from './tour.fixture.ts'

type TourClient = Client<typeof TourService>
const kinds = {
  greet: (client: TourClient) => client.greet({ name: 'Ada' }),
  count: (client: TourClient) => Array.fromAsync(client.count({ to: 2 })),
  sum: (client: TourClient) => client.sum(streamOf({ number: 1 })),
  chat: (client: TourClient) => Array.fromAsync(client.chat(streamOf({ text: 'one' }))),
}

describe('interceptors', () => {
  let server: TestServer
  afterEach(() => server.stop())

  it.each(Object.entries(kinds))('surround %s in order, on both sides', async (_kind, call) => {
    const steps: string[] = []
    const note = (name: string) => async (_call: unknown, next: () => Promise<void>) => {
      steps.push(`> ${name}`)
      await next()
      steps.push(`< ${name}`)
    }

    const client = await connect([note('server 1'), note('server 2')], [note('client 1'), note('client 2')])
    await call(client)

    const ofServer = steps.filter((step) => step.includes('server'))
    const ofClient = steps.filter((step) => step.includes('client'))
    expect(ofServer).toEqual(['> server 1', '> server 2', '< server 2', '< server 1'])
    expect(ofClient).toEqual(['> client 1', '> client 2', '< client 2', '< client 1'])
    expect(steps[0]).toBe('> client 1')
  })

  it.each(Object.entries(kinds))('read and set the metadata of %s, in both directions', async (_kind, call) => {
    const seen: unknown[] = []
    const answerWithMetadata: ServerInterceptor = async (served, next) => {
      seen.push(served.metadata.get('x-name'))
      served.header.set('x-header', 'first')
      await next()
      served.trailer.set('x-trailer-bin', Buffer.from([1, 2]))
    }
    const askWithMetadata: ClientInterceptor = async (asked, next) => {
      asked.metadata.set('x-name', 'Ada')
      asked.onHeader = (header) => seen.push(header.get('x-header'))
      asked.onTrailer = (trailer) => seen.push(trailer.get('x-trailer-bin'))
      await next()
    }

    const client = await connect([answerWithMetadata], [askWithMetadata])
    await call(client)

    expect(seen).toEqual([['Ada'], ['first'], [Buffer.from([1, 2])]])
  })

  it.each(Object.entries(kinds))('fail %s before its handler runs', async (_kind, call) => {
    let isHandled = false
    const refuse: ServerInterceptor = async () => {
      throw new RpcError(Status.PERMISSION_DENIED, 'Not you')
    }
    const handled: ServerInterceptor = (_call, next) => {
      isHandled = true
      return next()
    }

    const client = await connect([refuse, handled], [])

    await expect(call(client)).rejects.toMatchObject({ code: Status.PERMISSION_DENIED, message: 'Not you' })
    expect(isHandled).toBe(false)
  })

  it.each(Object.entries(kinds))('see the error of %s, and may replace it', async (_kind, call) => {
    const ends: unknown[] = []
    const rename: ClientInterceptor = async (_call, next) => {
      try {
        await next()
      } catch (error) {
        ends.push(error)
        throw notFound('It is not there')
      }
    }
    const refuse: ServerInterceptor = async () => {
      throw new RpcError(Status.UNAVAILABLE, 'Gone for lunch')
    }

    const client = await connect([refuse], [rename])

    await expect(call(client)).rejects.toMatchObject({ code: Status.NOT_FOUND })
    expect(ends).toMatchObject([{ code: Status.UNAVAILABLE, message: 'Gone for lunch' }])
  })

  it.each(Object.entries(kinds))('fail %s at once where they return without calling next()', async (_kind, call) => {
    const skip = async () => {}
    const lines: { err: unknown }[] = []
    const log = { info() {}, error: (fields: object) => lines.push(fields as { err: unknown }) }

    const refused = await connect([skip], [], log)
    await expect(call(refused)).rejects.toMatchObject({ code: Status.INTERNAL, message: 'Internal error' })
    expect(lines).toEqual([expect.objectContaining({ err: expect.objectContaining({ message: expect.any(String) }) })])
    expect(String(lines[0]?.err)).toMatch(/interceptor of \/test\.Tour\/\w+ returned without calling next\(\)$/)

    const unsent = server.client(TourService, { interceptors: [skip] })
    await expect(call(unsent)).rejects.toThrow('returned without calling next()')
  })

  it.each(Object.entries(kinds))('cannot make a success of the failure of %s', async (_kind, call) => {
    const swallow = async (_call: unknown, next: () => Promise<void>) => {
      await next().catch(() => {})
    }
    const refuse: ServerInterceptor = async () => {
      throw notFound('It is not there')
    }

    const client = await connect([swallow, refuse], [swallow])

    await expect(call(client)).rejects.toMatchObject({ code: Status.NOT_FOUND })
  })

  it("do not change the caller's metadata", async () => {
    const metadata = new Metadata()
    metadata.set('x-name', 'Ada')
    const names: unknown[] = []
    const client = await connect([(call, next) => (names.push(call.metadata.get('x-name')), next())], [])

    await client.greet({ name: '' }, { metadata })

    expect(names).toEqual([['Ada']])
  })

  async function connect(
    interceptors: readonly ServerInterceptor[],
    ofClient: readonly ClientInterceptor[],
    log: Log = silentLog,
  ) {
    server = await serve([service(TourService, tour())], { interceptors, log })
    return server.client(TourService, { interceptors: ofClient })
  }
})
