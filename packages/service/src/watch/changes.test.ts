import { AsyncLocalStorage } from 'node:async_hooks'
import { silentLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { followChanges } from './changes.ts'

describe('polling for changes', () => {
  it('does not run in the context of the call that waits first', async () => {
    const calls = new AsyncLocalStorage<string>()
    const polledIn: (string | undefined)[] = []
    const newestRevision = async () => polledIn.push(calls.getStore())
    const changes = followChanges(newestRevision, { everyMs: 1, log: silentLog })

    await calls.run('the first call', () => changes.newerThan(2, new AbortController().signal))
    changes.stop()

    expect(polledIn).toEqual([undefined, undefined, undefined])
  })
})
