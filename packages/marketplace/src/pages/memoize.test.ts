import { describe, expect, it } from '@jest/globals'
import { memoize } from './memoize.ts'

interface Message {
  id: number
  title: string
  reason?: string
}

describe('what is made of a message', () => {
  it('is made once for all messages that say the same', () => {
    const card = memoize(['title'], ({ title }: Message) => ({ heading: title }))

    const first = card({ id: 1, title: 'Dune' })

    expect(card({ id: 1, title: 'Dune', reason: 'because' })).toBe(first)
  })

  it('is made anew once the message says something else', () => {
    const card = memoize(['title'], ({ title }: Message) => ({ heading: title }))
    card({ id: 1, title: 'Dune' })

    const renamed = card({ id: 1, title: 'Dune Messiah' })

    expect(renamed).toEqual({ heading: 'Dune Messiah' })
    expect(card({ id: 2, title: 'Emma' })).toEqual({ heading: 'Emma' })
  })
})
