import { describe, expect, it } from '@jest/globals'
import { isOneServer, targetOf } from './target.ts'

describe('targetOf', () => {
  it.each([
    ['recommendations:50051', 'dns:///recommendations:50051'],
    ['127.0.0.1:50051', 'dns:///127.0.0.1:50051'],
    ['[::1]:50051', 'dns:///[::1]:50051'],
    ['dns:50051', 'dns:///dns:50051'],
    ['dns://127.0.0.1:53/recommendations:50051', 'dns://127.0.0.1:53/recommendations:50051'],
    ['ipv4:127.0.0.1:50051,127.0.0.2:50051', 'ipv4:127.0.0.1:50051,127.0.0.2:50051'],
    ['unix:/run/books.sock', 'unix:/run/books.sock'],
  ])('connects for %s to %s', (address, target) => {
    expect(targetOf(address)).toBe(target)
  })
})

describe('isOneServer', () => {
  it.each(['localhost:50051', '127.0.0.1:50051', '[::1]:50051', 'unix:/run/books.sock'])(
    'takes %s for one server',
    (address) => {
      expect(isOneServer(address)).toBe(true)
    },
  )

  it.each([
    'recommendations:50051',
    'localhost.example:50051',
    'dns:///localhost:50051',
    'ipv4:127.0.0.1:50051,127.0.0.2:50051',
  ])('is false for %s', (address) => {
    expect(isOneServer(address)).toBe(false)
  })
})
