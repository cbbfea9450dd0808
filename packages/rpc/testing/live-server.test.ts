import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Status } from '../src/call/rpc-error.ts'
import { TourService, tourDescriptors } from '../src/call/tour.fixture.ts'
import { createClient } from '../src/client/client.ts'
import { startLiveServer } from './index.ts'
import type { Plan } from './live-server.fixture.ts'

describe('a live server', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('responds to calls', async () => {
    const server = await start()

    expect(await server.client(TourService).greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it('responds while the test blocks its own event loop', async () => {
    const { port } = await start()
    const greeted = new Int32Array(new SharedArrayBuffer(4))
    const caller = new Worker(new URL('./live-caller.fixture.ts', import.meta.url), { workerData: { port, greeted } })
    opened.defer(async () => void (await caller.terminate()))
    await once(caller, 'online')

    const woken = Atomics.wait(greeted, 0, 0, 30_000)

    expect(woken).not.toBe('timed-out')
    expect(greeted[0]).toBe('Hello, Ada'.length)
  })

  it('ends its thread and closes its port when it is stopped', async () => {
    const server = await startLiveServer(module)
    const client = createClient(TourService, {
      address: `127.0.0.1:${server.port}`,
      descriptors: tourDescriptors(),
      waitForReadyMs: 1,
    })
    opened.defer(client.close)

    await server.stop()

    await expect(server.ended).resolves.toBeUndefined()
    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(server.stop()).resolves.toBeUndefined()
  })

  it('that fails to start rejects with its error', async () => {
    const { port } = await start()

    await expect(start({ start: 'fails' })).rejects.toMatchObject({
      name: 'RangeError',
      message: 'unknown plan',
      stack: expect.stringMatching(/RangeError: unknown plan\n {4}at .*live-server\.fixture\.ts:\d+/),
    })
    await expect(start({ address: `127.0.0.1:${port}` })).rejects.toMatchObject({
      message: `cannot listen on 127.0.0.1:${port}: the port is already in use`,
      code: 'EADDRINUSE',
    })
  })

  it.each([
    ['ends while it starts', { start: 'exits' }, 10_000, /ended by itself, with exit code 3$/],
    ['does not start in time', { start: 'hangs' }, 200, /did not start within 200 ms$/],
  ] as const)('that %s fails the test', async (_, plan, withinMs, complaint) => {
    await expect(start(plan, withinMs)).rejects.toThrow(complaint)
  })

  it('of a module without `start`, or of no module, rejects', async () => {
    const absent = new URL('../src/absent.ts', import.meta.url)

    await expect(startLiveServer(new URL('../src/call/status.ts', import.meta.url))).rejects.toThrow(
      /status\.ts exports no start$/,
    )
    await expect(startLiveServer(absent)).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' })
  })

  it('that fails after its start rejects `ended` with the error', async () => {
    const server = await startLiveServer(module)
    const failure = { name: 'TypeError', message: 'the server crashes', stack: expect.stringContaining('failLater') }

    server
      .client(TourService)
      .greet({ name: 'crash' })
      .catch(() => {})

    await expect(server.ended).rejects.toMatchObject(failure)
    await expect(server.stop()).rejects.toMatchObject(failure)
  })

  it('that fails to stop rejects, and is gone', async () => {
    const failing = await startLiveServer(module, { settings: { stop: 'fails' } satisfies Plan })
    const exiting = await startLiveServer(module, { settings: { stop: 'exits' } satisfies Plan })
    const hanging = await startLiveServer(module, { settings: { stop: 'hangs' } satisfies Plan, withinMs: 3_000 })

    await expect(failing.stop()).rejects.toThrow('the stop failed')
    await expect(exiting.stop()).rejects.toThrow(/ended by itself, with exit code 3$/)
    await expect(hanging.stop()).rejects.toThrow(/did not stop within 3000 ms$/)
  })

  const module = new URL('./live-server.fixture.ts', import.meta.url)

  async function start(settings: Plan = {}, withinMs?: number) {
    const server = await startLiveServer(module, { settings, withinMs })
    opened.defer(server.stop)
    return server
  }
})
