import { Status } from '@books/rpc'
import { describe, expect, it } from '@jest/globals'
import { createLending } from './lending.ts'

const { signal } = new AbortController()

describe('lending', () => {
  it('gives what is free at once, and what comes back to whoever came first', async () => {
    const lending = createLending<string>(2)
    lending.give('an atlas')

    const first = await lending.take(signal)
    const second = lending.take(signal)
    const third = lending.take(signal)
    lending.give(first)
    lending.give('a map')

    expect([first, await second, await third]).toEqual(['an atlas', 'an atlas', 'a map'])
  })

  it('refuses whoever finds nothing free and nowhere to wait', async () => {
    const lending = createLending<string>(1)
    const waiting = lending.take(signal)

    await expect(lending.take(signal)).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    lending.give('an atlas')
    await expect(waiting).resolves.toBe('an atlas')
  })

  it('forgets whoever goes away, and makes their place free', async () => {
    const lending = createLending<string>(1)
    const leaving = new AbortController()
    const left = lending.take(leaving.signal)

    leaving.abort(new Error('gone'))
    const next = lending.take(signal)
    lending.give('an atlas')

    await expect(left).rejects.toThrow('gone')
    await expect(next).resolves.toBe('an atlas')
    await expect(lending.take(leaving.signal)).rejects.toThrow('gone')
  })

  it('does not give what was removed', async () => {
    const lending = createLending<string>(1)
    lending.give('an atlas')
    lending.remove('an atlas')

    const taken = lending.take(signal)
    lending.give('a map')

    await expect(taken).resolves.toBe('a map')
  })

  it('sends away who waits, and who comes, once it is closed', async () => {
    const lending = createLending<string>(1)
    const waiting = lending.take(signal)

    lending.close()

    await expect(waiting).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(lending.take(signal)).rejects.toMatchObject({ code: Status.UNAVAILABLE })
  })
})
