import { createLog } from '@books/runtime'
import { describe, expect, it } from '@jest/globals'
import type { Sandbox } from './sandbox.ts'
import { startSandboxes } from './sandboxes.ts'

const log = createLog('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })
const { signal } = new AbortController()

describe('sandboxes', () => {
  it('are replaced when they end, however often a start fails', async () => {
    const first = fakeSandbox('first')
    const attempts = [first, new Error('no memory'), new Error('no memory'), fakeSandbox('second')]
    const sandboxes = await startSandboxes({ start: startNext(attempts), count: 1, mostWaiting: 1, log, retryMs: 1 })

    const before = await sandboxes.run('', signal)
    await first.stop()
    const after = await sandboxes.run('', signal)
    await sandboxes.stop()

    expect([before.output, after.output]).toEqual(['first', 'second'])
  })

  it('are not used again once their snippet has ended them', async () => {
    const first = fakeSandbox('first', { endsWithItsSnippet: true })
    const start = startNext([first, fakeSandbox('second')])
    const sandboxes = await startSandboxes({ start, count: 1, mostWaiting: 1, log })

    const outcomes = await Promise.all([sandboxes.run('', signal), sandboxes.run('', signal)])
    await sandboxes.stop()

    expect(outcomes.map(({ output }) => output)).toEqual(['first', 'second'])
  })

  it('stop where one is just being started, too', async () => {
    const first = fakeSandbox('first')
    const second = fakeSandbox('second')
    const starting = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const starts = startNext([first, second])
    const sandboxes = await startSandboxes({
      start: async () => {
        const sandbox = await starts()
        if (sandbox === second) starting.resolve()
        if (sandbox === second) await go.promise
        return sandbox
      },
      ...{ count: 1, mostWaiting: 1, log },
    })

    await first.stop()
    await starting.promise
    const stopped = sandboxes.stop()
    go.resolve()
    await stopped

    expect([first.isUsable(), second.isUsable()]).toEqual([false, false])
  })

  it('do not start where one cannot', async () => {
    const start = startNext([new Error('no memory')])

    await expect(startSandboxes({ start, count: 1, mostWaiting: 1, log })).rejects.toThrow('no memory')
  })
})

/** Gives one after the other, and fails where it is to be an error. */
function startNext(attempts: (Sandbox | Error)[]): () => Promise<Sandbox> {
  return async () => {
    const attempt = attempts.shift() ?? new Error('started once too often')
    if (attempt instanceof Error) throw attempt
    return attempt
  }
}

/** A sandbox whose snippets all print its name. */
function fakeSandbox(name: string, { endsWithItsSnippet = false } = {}): Sandbox {
  const ended = Promise.withResolvers<void>()
  let isUsable = true
  const stop = async () => {
    isUsable = false
    ended.resolve()
  }

  return {
    ended: ended.promise,
    isUsable: () => isUsable,
    stop,
    async run() {
      if (endsWithItsSnippet) await stop()
      return { output: name, error: '' }
    },
  }
}
