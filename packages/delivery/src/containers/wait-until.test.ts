import { expect, it } from '@jest/globals'
import { waitUntil } from './wait-until.ts'

it('waits until something is so, and says what was not so in time', async () => {
  let looks = 0

  await waitUntil('the third look', () => ++looks === 3, { withinMs: 10_000 })

  expect(looks).toBe(3)
  await expect(waitUntil('spring', () => false, { withinMs: 0 })).rejects.toThrow('spring: not within 0 s')
})

it('ends at once when its signal aborts', async () => {
  const ending = new AbortController()
  ending.abort(new Error('interrupted'))

  await expect(waitUntil('spring', () => false, { withinMs: 10_000, signal: ending.signal })).rejects.toThrow(
    'interrupted',
  )
})
