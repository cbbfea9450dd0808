import { describe, expect, it } from '@jest/globals'
import { publicUrlOf } from './public-url.ts'

describe('publicUrlOf', () => {
  it.each([
    ['::', 'http://localhost:5000'],
    ['0.0.0.0', 'http://localhost:5000'],
    ['[::]', 'http://localhost:5000'],
    ['192.0.2.7', 'http://192.0.2.7:5000'],
    ['[::1]', 'http://[::1]:5000'],
    ['fe80::1%eth0', 'http://[fe80::1]:5000'],
  ])('is where the shop that listens on %s is reached: %s', (host, url) => {
    expect(publicUrlOf(undefined, { host, port: 5_000 })).toBe(url)
  })

  it.each([
    ['https://books.example', 'https://books.example'],
    ['https://Books.Example:443', 'https://books.example'],
    ['http://localhost:80', 'http://localhost'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('is %s as browsers write it: %s', (setting, url) => {
    expect(publicUrlOf(setting, { host: '::', port: 5_000 })).toBe(url)
  })

  it.each(['http://localhost:99999', 'http://a b'])('refuses %s in one line', (setting) => {
    expect(() => publicUrlOf(setting, { host: '::', port: 5_000 })).toThrow(
      'wrong settings: PUBLIC_URL has no valid host and port',
    )
  })
})
