import { afterEach, describe, expect, it } from '@jest/globals'
import { serve, streamOf, type TestServer } from '../../testing/index.ts'
import { Status } from './rpc-error.ts'
import { type Handlers, service } from './service.ts'
import { TourService, tour } from './tour.fixture.ts'

describe('the four kinds of call', () => {
  let server: TestServer
  afterEach(() => server.stop())

  it('responds to one message with one', async () => {
    const client = await tourClient()

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it('responds to one message with a stream', async () => {
    const client = await tourClient()

    expect(await Array.fromAsync(client.count({ to: 3 }))).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }])
  })

  it('responds to a stream with one message', async () => {
    const client = await tourClient()

    expect(await client.sum(streamOf({ number: 1 }, { number: 2 }, { number: 39 }))).toEqual({ total: 42 })
  })

  it('responds to a stream with a stream, message by message', async () => {
    const client = await tourClient()
    const heard: string[] = []
    const answered = Promise.withResolvers<void>()
    async function* notes() {
      yield { text: 'one' }
      await answered.promise
      yield { text: 'two' }
    }

    for await (const { text } of client.chat(notes())) {
      heard.push(text)
      answered.resolve()
    }

    expect(heard).toEqual(['You said: one', 'You said: two'])
  })

  it('responds before the caller has sent everything', async () => {
    const client = await tourClient({
      async sum(numbers) {
        for await (const { number } of numbers) return { total: number }
        return { total: 0 }
      },
    })
    async function* endless() {
      for (let number = 7; ; number++) yield { number }
    }

    expect(await client.sum(endless())).toEqual({ total: 7 })
  })

  it('delivers the messages that a stream sent before it failed', async () => {
    const client = await tourClient({
      async *count() {
        yield { number: 1 }
        yield { number: 2 }
        throw new Error('out of numbers')
      },
    })
    const seen: number[] = []
    const reading = (async () => {
      for await (const { number } of client.count({ to: 9 })) seen.push(number)
    })()

    await expect(reading).rejects.toMatchObject({ code: Status.INTERNAL })
    expect(seen).toEqual([1, 2])
  })

  it('produces no more messages than the caller reads, but for buffers', async () => {
    const page = 'x'.repeat(64 * 1024)
    let made = 0
    const client = await tourClient({
      async *chat() {
        for (;;) {
          made++
          yield { text: page }
        }
      },
    })

    let read = 0
    for await (const _ of client.chat(streamOf())) if (++read === 100) break

    expect(made).toBeLessThan(200)
  })

  it('ends the handler when the caller stops reading', async () => {
    const ended = Promise.withResolvers<unknown>()
    const client = await tourClient({
      async *count(_, call) {
        try {
          for (let number = 1; ; number++) yield { number }
        } finally {
          ended.resolve(call.signal.reason)
        }
      },
    })

    for await (const { number } of client.count({ to: 1 })) if (number === 3) break

    expect(await ended.promise).toMatchObject({ code: Status.CANCELLED })
  })

  it.each(['sum', 'chat'] as const)(
    "rejects a call of %s with the error of the caller's own stream",
    async (method) => {
      const client = await tourClient()
      const failure = new Error('the file ends here')
      async function* broken() {
        yield* []
        throw failure
      }

      const call = method === 'sum' ? client.sum(broken()) : Array.fromAsync(client.chat(broken()))

      await expect(call).rejects.toBe(failure)
    },
  )

  async function tourClient(handlers?: Partial<Handlers<typeof TourService>>) {
    server = await serve([service(TourService, tour(handlers))])
    return server.client(TourService)
  }
})

it('a service needs a handler for each method', () => {
  expect(() => service(TourService, {} as Handlers<typeof TourService>)).toThrow('/test.Tour/Greet has no handler')
})
