import { afterEach, describe, expect, it } from '@jest/globals'
import { serve, type TestServer } from '../../testing/index.ts'
import type { Call } from './call.ts'
import { Status } from './rpc-error.ts'
import { type Handlers, service } from './service.ts'
import { TourService, tour } from './tour.fixture.ts'

const dayMs = 24 * 60 * 60 * 1_000

type Tour = Handlers<typeof TourService>

describe('deadlines and cancellation', () => {
  const servers: TestServer[] = []
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())))

  it('sends a deadline with every call', async () => {
    let deadline = Number.POSITIVE_INFINITY
    const client = await tourClient({
      async greet(_request, call) {
        deadline = call.deadline
        return { text: '' }
      },
    })

    await client.greet({ name: 'Ada' })

    expect(deadline - Date.now()).toBeLessThanOrEqual(30_000)
    expect(deadline - Date.now()).toBeGreaterThan(0)
  })

  it('fails a call with DEADLINE_EXCEEDED at its deadline, and aborts the handler', async () => {
    const leaf = stuck()
    const client = await tourClient({ greet: leaf.greet })

    // On a busy machine a short deadline passes before the call has reached the server.
    let hasEntered = false
    void leaf.entered.then(() => {
      hasEntered = true
    })
    for (let deadlineMs = 100; !hasEntered; deadlineMs *= 2) {
      await expect(client.greet({ name: 'Ada' }, { deadlineMs })).rejects.toMatchObject({
        code: Status.DEADLINE_EXCEEDED,
      })
    }

    // Client and server each have a timer; the first one to fire cancels the other side.
    expect(await leaf.aborted).toBeDefined()
  })

  it.each([
    ['25 days', 25 * dayMs],
    ['a year', 365 * dayMs],
    ['the largest number of milliseconds', Number.MAX_SAFE_INTEGER],
  ])('makes a call with a deadline of %s, of which 24.8 days are sent', async (_, deadlineMs) => {
    const deadlines: number[] = []
    const client = await tourClient({
      async greet(_request, call) {
        deadlines.push(call.deadline)
        return { text: 'Hello' }
      },
    })

    expect(await client.greet({ name: 'Ada' }, { deadlineMs })).toEqual({ text: 'Hello' })
    expect(((deadlines[0] ?? 0) - Date.now()) / dayMs).toBeCloseTo(24.8, 0)
  })

  it('makes no call with a deadline that is no number', async () => {
    const client = await tourClient()

    for (const method of ['greet', 'count'] as const) {
      expect(() => client[method]({}, { deadlineMs: Number.NaN })).toThrow(
        'deadlineMs must be a number of milliseconds',
      )
    }
  })

  it.each([
    ['a long deadline', 60_000],
    ['no deadline', Number.POSITIVE_INFINITY],
  ])('ends a call with %s at the longest that the server allows', async (_, deadlineMs) => {
    const leaf = stuck()
    await using server = await serve([service(TourService, tour({ greet: leaf.greet }))], { maxDeadlineMs: 50 })

    const response = server.client(TourService).greet({ name: 'Ada' }, { deadlineMs })

    await expect(response).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    expect(await leaf.aborted).toMatchObject({ code: Status.DEADLINE_EXCEEDED })
  })

  it('lets a method name the longest deadline of its own calls', async () => {
    const leaf = stuck()
    const deadlines: number[] = []
    const handlers = tour({
      greet: leaf.greet,
      async *count(_request, call) {
        deadlines.push(call.deadline)
        yield* []
      },
    })
    const maxDeadlineMs = { greet: 50, count: Number.POSITIVE_INFINITY }
    await using server = await serve([service(TourService, handlers, { maxDeadlineMs })], { maxDeadlineMs: 60_000 })
    const client = server.client(TourService, { deadlineMs: Number.POSITIVE_INFINITY })

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    await Array.fromAsync(client.count({ to: 0 }))

    expect(deadlines).toEqual([Number.POSITIVE_INFINITY])
  })

  it("gives a nested call no later deadline than the outer one's", async () => {
    const leaf = stuck()
    const client = await chainTo({ greet: leaf.greet })
    const outerDeadline = Date.now() + 2_000

    const answer = client.greet({ name: 'Ada' }, { deadlineMs: 2_000 })
    const { deadline } = await leaf.entered

    expect(deadline).toBeLessThanOrEqual(outerDeadline + 50)
    await expect(answer).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    expect(await leaf.aborted).toBeDefined()
  })

  it('cancels calls three services deep when the caller cancels', async () => {
    const leaf = stuck()
    const client = await chainTo({ greet: leaf.greet })
    const caller = new AbortController()

    const answer = client.greet({ name: 'Ada' }, { signal: caller.signal })
    await leaf.entered
    caller.abort()

    await expect(answer).rejects.toMatchObject({ code: Status.CANCELLED })
    expect(await leaf.aborted).toMatchObject({ code: Status.CANCELLED })
  })

  it('cancels a nested stream that the handler reads', async () => {
    const aborted = Promise.withResolvers<unknown>()
    const back = await tourClient({
      async *count(_request, call) {
        call.signal.addEventListener('abort', () => aborted.resolve(call.signal.reason))
        for (let number = 1; ; number++) yield { number }
      },
    })
    const front = await tourClient({
      async *count(request) {
        yield* back.count(request)
      },
    })

    for await (const _ of front.count({ to: 2 })) break

    expect(await aborted.promise).toMatchObject({ code: Status.CANCELLED })
  })

  it.each(['sum', 'chat'] as const)('ends the request stream of %s when the caller cancels', async (method) => {
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    async function readAll(messages: AsyncIterable<unknown>) {
      try {
        for await (const _ of messages) begun.resolve()
      } finally {
        ended.resolve()
      }
    }
    const client = await tourClient({
      async sum(numbers) {
        await readAll(numbers)
        return { total: 0 }
      },
      async *chat(notes) {
        await readAll(notes)
        yield* []
      },
    })
    const caller = new AbortController()

    const call =
      method === 'sum'
        ? client.sum(thenSilence({ number: 1 }), { signal: caller.signal })
        : Array.fromAsync(client.chat(thenSilence({ text: '' }), { signal: caller.signal }))
    await Promise.race([begun.promise, call])
    caller.abort()

    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED })
    await ended.promise
  })

  it('does not begin a call whose signal is aborted', async () => {
    const client = await tourClient()

    await expect(client.greet({ name: 'Ada' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: Status.CANCELLED,
    })
    await expect(Array.fromAsync(client.count({ to: 1 }, { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: Status.CANCELLED,
    })
  })

  it('never aborts a handler after a normal end', async () => {
    const signals: AbortSignal[] = []
    const handlers = tour()
    const client = await tourClient({
      greet(request, call) {
        signals.push(call.signal)
        return handlers.greet(request, call)
      },
      count(request, call) {
        signals.push(call.signal)
        return handlers.count(request, call)
      },
    })

    await client.greet({ name: 'Ada' })
    await Array.fromAsync(client.count({ to: 3 }))
    await servers.pop()?.stop()

    expect(signals.map((signal) => signal.aborted)).toEqual([false, false])
  })

  async function tourClient(handlers?: Partial<Tour>) {
    const server = await serve([service(TourService, tour(handlers))])
    servers.unshift(server)
    return server.client(TourService)
  }

  // Two services that forward the greeting to a third one.
  async function chainTo(leaf: Partial<Tour>) {
    const last = await tourClient(leaf)
    const middle = await tourClient({ greet: (request) => last.greet(request) })
    return tourClient({ greet: (request) => middle.greet(request) })
  }
})

/** A handler that never responds: `entered` has its call, `aborted` the reason of its signal. */
function stuck() {
  const entered = Promise.withResolvers<Call>()
  const aborted = Promise.withResolvers<unknown>()
  return {
    entered: entered.promise,
    aborted: aborted.promise,
    greet(_request: unknown, call: Call) {
      entered.resolve(call)
      call.signal.addEventListener('abort', () => aborted.resolve(call.signal.reason))
      return new Promise<never>((_, reject) => call.signal.addEventListener('abort', reject))
    },
  }
}

/** A stream of one message that never ends. */
async function* thenSilence<T>(message: T) {
  yield message
  await new Promise(() => {})
}
