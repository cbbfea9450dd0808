import { once } from 'node:events'
import { connect, constants } from 'node:http2'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour } from '../call/tour.fixture.ts'
import type { Client } from '../client/client.ts'

// Long enough for a busy machine to deliver a request.
const idleRequestsMs = 300
const limits = { idleRequestsMs }

type TourClient = Client<typeof TourService>
const callsThatStayIdle: Record<string, (client: TourClient) => Promise<unknown>> = {
  sum: (client) => client.sum(andThen({ number: 1 }, new Promise(() => {}))),
  chat: (client) => Array.fromAsync(client.chat(andThen({ text: 'one' }, new Promise(() => {})))),
  'sum without a request': (client) => client.sum(andThen(undefined, new Promise(() => {}))),
}

it('resets a call whose single request does not arrive whole', async () => {
  await using server = await serve([service(TourService, tour())], { limits })
  const session = connect(`http://127.0.0.1:${server.port}`)
  session.on('error', () => {})

  const request = session.request({
    ...{ ':method': 'POST', ':path': '/test.Tour/Greet', 'content-type': 'application/grpc', te: 'trailers' },
  })
  request.on('error', () => {})
  request.write(Buffer.from([0, 0, 0, 1, 0, 123]))
  await once(request, 'close')
  session.destroy()

  expect(request.rstCode).toBe(constants.NGHTTP2_CANCEL)
  expect(await server.client(TourService).greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
})

describe('a request stream', () => {
  it.each(Object.keys(callsThatStayIdle))('that is idle for too long is ended: %s', async (which) => {
    const ended = Promise.withResolvers<unknown>()
    const original = tour()
    const handlers = {
      sum: (numbers: AsyncIterable<{ number: number }>) => original.sum(endingAt(numbers, ended.resolve), {} as never),
      chat: (notes: AsyncIterable<{ text: string }>) => original.chat(endingAt(notes, ended.resolve), {} as never),
    }
    await using server = await serve([service(TourService, tour(handlers))], { limits })

    await expect(callsThatStayIdle[which]?.(server.client(TourService))).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      message: 'No request arrived within 300 ms',
    })
    expect(await ended.promise).toMatchObject({ code: Status.DEADLINE_EXCEEDED })
  })

  it('is not idle while its handler works', async () => {
    const sum = async (numbers: AsyncIterable<{ number: number }>) => {
      let total = 0
      for await (const { number } of numbers) {
        total += number
        await setTimeout(2 * idleRequestsMs)
      }
      return { total }
    }
    await using server = await serve([service(TourService, tour({ sum }))], { limits })

    expect(await server.client(TourService).sum(andThen({ number: 1 }, Promise.resolve()))).toEqual({ total: 1 })
  })

  it('may be idle where its method stays open for as long as its caller likes', async () => {
    const handlers = service(TourService, tour(), { maxDeadlineMs: { chat: Number.POSITIVE_INFINITY } })
    await using server = await serve([handlers], { limits })

    const notes = server.client(TourService).chat(andThen({ text: 'one' }, setTimeout(2 * idleRequestsMs)))

    expect(await Array.fromAsync(notes)).toEqual([{ text: 'You said: one' }])
  })
})

async function* andThen<T>(message: T | undefined, end: Promise<unknown>) {
  if (message) yield message
  await end
}

async function* endingAt<T>(messages: AsyncIterable<T>, onError: (error: unknown) => void) {
  try {
    yield* messages
  } catch (error) {
    onError(error)
    throw error
  }
}
