import { MockExecService } from '@books/proto'
import { createClient, HealthService, ServingStatus, Status } from '@books/rpc'
import { startLiveServer } from '@books/rpc/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Settings } from './exec-server.fixture.ts'
import { run } from './exec-server.fixture.ts'

const loop = 'while (true);'
// Never looks at the clock: only the end of its thread ends it.
const deafLoop = 'for (;;) new Array(2 ** 32 - 1).indexOf(1)'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('exec, a whole server in a thread of its own', () => {
  it('answers others, and health, while a snippet loops', async () => {
    const { exec, health } = await serve({ SANDBOXES: 2 })
    const finished: string[] = []
    const looping = new AbortController()

    const looped = run(exec, loop, { signal: looping.signal }).catch(() => finished.push('the loop'))
    const outcomes = await Promise.all(['1', '2', '3'].map((number) => run(exec, `print(${number})`)))
    finished.push('three others')
    const { status } = await health.check({ service: 'MockExec' })
    finished.push('health')
    looping.abort()
    await looped

    expect(outcomes.map(({ output }) => output)).toEqual(['1\n', '2\n', '3\n'])
    expect(status).toBe(ServingStatus.SERVING)
    expect(finished).toEqual(['three others', 'health', 'the loop'])
  })

  it('refuses at once what can neither run nor wait, and says when to come back', async () => {
    const { exec } = await serve({ SANDBOXES: 1, WAITING: 1 })
    const looping = new AbortController()

    const three = [1, 2, 3].map(() => run(exec, loop, { signal: looping.signal }))
    const endings = Promise.allSettled(three)
    await expect(Promise.race(three)).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details: { retryInfo: { retryDelay: { seconds: 1 } } },
    })
    looping.abort()

    const codes = (await endings).map((ending) => ending.status === 'rejected' && ending.reason.code)
    expect(codes.filter((code) => code === Status.RESOURCE_EXHAUSTED)).toHaveLength(1)
    expect(codes.filter((code) => code === Status.CANCELLED)).toHaveLength(2)
  })

  it('runs the next snippet once a caller goes away, or has no more time', async () => {
    const { exec } = await serve({ SANDBOXES: 1, WAITING: 1 })

    for (const source of [loop, deafLoop]) {
      const looping = new AbortController()
      const cancelled = run(exec, source, { signal: looping.signal })
      const next = run(exec, 'print("next")')
      await expect(run(exec, '')).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
      looping.abort()
      await expect(cancelled).rejects.toMatchObject({ code: Status.CANCELLED })
      expect(await next).toEqual({ output: 'next\n', error: '' })

      const late = run(exec, source, { deadlineMs: 200 })
      const last = run(exec, 'print("last")')
      await expect(late).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
      expect(await last).toEqual({ output: 'last\n', error: '' })
    }
  })

  it('stops while snippets run and wait', async () => {
    const server = await serve({ SANDBOXES: 2, WAITING: 2, GRACE_MS: 100 })

    const four = [loop, deafLoop, loop, deafLoop].map((source) => run(server.exec, source))
    const endings = Promise.allSettled(four)
    await expect(run(server.exec, '')).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    await server.stop()

    await expect(server.ended).resolves.toBeUndefined()
    for (const ending of await endings) expect(ending).toMatchObject({ reason: { code: Status.UNAVAILABLE } })
  })

  it('lets what runs and waits come to its end before it stops', async () => {
    const server = await serve({ SANDBOXES: 1, WAITING: 1, RUN_MS: 2_000 })

    const two = [run(server.exec, loop), run(server.exec, 'print("waited")')]
    await expect(run(server.exec, '')).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    await server.stop()

    expect(await Promise.all(two)).toEqual([
      { output: '', error: 'Ended: it took too long' },
      { output: 'waited\n', error: '' },
    ])
  })
})

/** Starts exec. No loop ends by itself while a test runs, where it does not say otherwise. */
async function serve(settings: Settings) {
  const server = await startLiveServer(new URL('./exec-server.fixture.ts', import.meta.url), {
    settings: { RUN_MS: 600_000, ...settings },
    withinMs: 60_000,
  })
  closers.push(server.stop)
  // A client that outlives the server sees what its end does to calls.
  const address = `127.0.0.1:${server.port}`
  const exec = createClient(MockExecService, { address, deadlineMs: 30_000 })
  closers.unshift(exec.close)
  return { ...server, exec, health: server.client(HealthService) }
}
