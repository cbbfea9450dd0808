import type { Worker } from 'node:worker_threads'
import { loadDescriptors, MockExecService } from '@books/proto'
import { type CallOptions, createClient, createHealthClient, ServingStatus, Status } from '@books/rpc'
import { silentLog as log } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { exec as definition } from './service.ts'

const loop = 'while (true);'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('Exec', () => {
  it('answers JSON with what was printed, and no error', async () => {
    const { exec } = await start()

    expect(await exec('print("Ça va?\\ud800")')).toBe('{"output":"Ça va?\ufffd\\n","error":""}')
  })

  it('refuses a snippet of more than 64 KB, and names the field', async () => {
    const { exec } = await start()
    const longest = `print("é")${' '.repeat(64 * 1024 - 11)}`

    expect(await exec(longest)).toBe('{"output":"é\\n","error":""}')
    await expect(exec(`${longest} `)).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: { badRequest: { fieldViolations: [{ field: 'source_code' }] } },
    })
  })

  it('ends a snippet after RUN_MS, a second by default', async () => {
    const { exec } = await start({ RUN_MS: 50 })

    expect(await exec(loop)).toBe('{"output":"","error":"Ended: it took too long"}')
    expect(readServiceSettings(definition, {})).toMatchObject({ RUN_MS: 1_000 })
  })

  it('answers other calls, and health checks, while a snippet loops', async () => {
    const { exec, health } = await start({ SANDBOXES: 2 })
    const controller = new AbortController()
    const looping = exec(loop, { signal: controller.signal })

    const outcomes = await Promise.all([1, 2, 3].map((number) => exec(`print(${number})`)))
    const { status } = await health.check({ service: 'MockExec' })
    controller.abort()

    expect(outcomes.map((json) => JSON.parse(json).output)).toEqual(['1\n', '2\n', '3\n'])
    expect(status).toBe(ServingStatus.SERVING)
    await expect(looping).rejects.toMatchObject({ code: Status.CANCELLED })
  })

  it('refuses a call at once if SANDBOXES snippets run and WAITING wait', async () => {
    const { exec } = await start({ SANDBOXES: 1, WAITING: 1 })
    const controller = new AbortController()
    const calls = [1, 2, 3].map(() => exec(loop, { signal: controller.signal }))
    const settled = Promise.allSettled(calls)

    await expect(Promise.race(calls)).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    controller.abort()

    const codes = (await settled).map((call) => call.status === 'rejected' && call.reason.code)
    expect(codes.filter((code) => code === Status.RESOURCE_EXHAUSTED)).toHaveLength(1)
    expect(codes.filter((code) => code === Status.CANCELLED)).toHaveLength(2)
  })

  it('runs the next snippet once the one before is cancelled or past its deadline', async () => {
    const { exec } = await start({ SANDBOXES: 1 })
    const controller = new AbortController()

    const cancelled = exec(loop, { signal: controller.signal })
    const late = exec(loop, { deadlineMs: 50 })
    const next = exec('print("next")')
    controller.abort()

    await expect(cancelled).rejects.toMatchObject({ code: Status.CANCELLED })
    await expect(late).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    expect(await next).toBe('{"output":"next\\n","error":""}')
  })

  it('finishes snippets that run and wait before it stops, and leaves no thread behind', async () => {
    const threads = watchThreads()
    const { exec, server } = await start({ SANDBOXES: 1, WAITING: 1, RUN_MS: 1_000 })

    const calls = [exec(loop), exec('print("waited")')]
    await expect(exec('')).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    await server.stop()

    expect((await Promise.all(calls)).map((json) => JSON.parse(json))).toEqual([
      { output: '', error: 'Ended: it took too long' },
      { output: 'waited\n', error: '' },
    ])
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1])
  })

  it('ends snippets that run and wait once GRACE_MS are over', async () => {
    const threads = watchThreads()
    const { exec, server } = await start({ SANDBOXES: 1, WAITING: 1, GRACE_MS: 50 })

    const calls = Promise.allSettled([exec(loop), exec(loop)])
    await expect(exec('')).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    await server.stop()

    for (const call of await calls) expect(call).toMatchObject({ reason: { code: Status.UNAVAILABLE } })
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1])
  })
})

/** Starts exec. Snippets end by themselves only if a test says how long they may run. */
async function start(settings: Readonly<Record<string, number>> = {}) {
  const defaults = readServiceSettings(definition, { HOST: '127.0.0.1', PORT: '0', RUN_MS: '600000' })
  const server = await startService(definition, { settings: { ...defaults, ...settings }, log })
  const options = { address: `127.0.0.1:${server.port}`, deadlineMs: 50_000 }
  const client = createClient(MockExecService, { ...options, descriptors: loadDescriptors() })
  const health = createHealthClient(options)
  opened.defer(server.stop)
  opened.defer(health.close)
  opened.defer(client.close)

  const exec = async (sourceCode: string, options?: CallOptions) => (await client.exec({ sourceCode }, options)).resp
  return { server, exec, health }
}

/** The threads that this thread starts until the test ends. */
function watchThreads(): Worker[] {
  const threads: Worker[] = []
  const add = (thread: Worker) => threads.push(thread)
  process.on('worker', add)
  opened.defer(() => void process.off('worker', add))
  return threads
}
