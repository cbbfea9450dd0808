import { AsyncLocalStorage } from 'node:async_hooks'
import { silentLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { followChanges } from './changes.ts'

describe('looking for changes', () => {
  it('is not a part of the call that waits for them first', async () => {
    const calls = new AsyncLocalStorage<string>()
    const lookedIn: (string | undefined)[] = []
    const newestRevision = async () => lookedIn.push(calls.getStore())
    const changes = followChanges(newestRevision, 1, silentLog)

    await calls.run('the first call', () => changes.newerThan(2, new AbortController().signal))
    changes.stop()

    expect(lookedIn).toEqual([undefined, undefined, undefined])
  })
})
