import { describe, expect, it } from '@jest/globals'
import { createSerialQueue } from './serial-queue.ts'

describe('a serial queue', () => {
  it('starts a task once the one before has ended, even with an error', async () => {
    const queue = createSerialQueue(new AbortController().signal)
    const events: string[] = []
    const gate = Promise.withResolvers<void>()

    const first = queue.run(async () => {
      await gate.promise
      events.push('first')
      throw new Error('failed')
    })
    const second = queue.run(async () => events.push('second'))
    gate.resolve()

    await expect(first).rejects.toThrow('failed')
    await second
    expect(events).toEqual(['first', 'second'])
  })

  it('starts no task after an abort', async () => {
    const stopping = new AbortController()
    const queue = createSerialQueue(stopping.signal)
    let isStarted = false

    const task = queue.run(async () => (isStarted = true))
    stopping.abort()

    await expect(task).rejects.toMatchObject({ name: 'AbortError' })
    await queue.idle()
    expect(isStarted).toBe(false)
  })
})
