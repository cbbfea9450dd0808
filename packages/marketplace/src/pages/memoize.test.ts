import { describe, expect, it } from '@jest/globals'
import { memoize, memoizeObject } from './memoize.ts'

interface Message {
  id: number
  title: string
  reason?: string
}

describe('a memoized function', () => {
  it('is called once for messages with the same fields', () => {
    const card = memoize(['title'], ({ title }: Message) => ({ heading: title }))

    const first = card({ id: 1, title: 'Dune' })

    expect(card({ id: 1, title: 'Dune', reason: 'because' })).toBe(first)
  })

  it('is called again when a field has changed', () => {
    const card = memoize(['title'], ({ title }: Message) => ({ heading: title }))
    card({ id: 1, title: 'Dune' })

    const renamed = card({ id: 1, title: 'Dune Messiah' })

    expect(renamed).toEqual({ heading: 'Dune Messiah' })
    expect(card({ id: 2, title: 'Emma' })).toEqual({ heading: 'Emma' })
  })
})

describe('a function that is memoized by its object', () => {
  it('is called once for each object', () => {
    const card = memoizeObject(({ title }: Message, shelf: string) => ({ heading: `${title}, ${shelf}` }))
    const dune = { id: 1, title: 'Dune' }

    const first = card(dune, 'Science fiction')

    expect(first).toEqual({ heading: 'Dune, Science fiction' })
    expect(card(dune, 'Science fiction')).toBe(first)
    expect(card({ ...dune }, 'Science fiction')).not.toBe(first)
  })
})
