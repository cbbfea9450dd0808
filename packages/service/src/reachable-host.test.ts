import { describe, expect, it } from '@jest/globals'
import { reachableHostOf } from './reachable-host.ts'

describe('reachableHostOf', () => {
  it.each(['::', '[::]', '::0', '0.0.0.0', '0'])('is localhost for %s, all addresses of the machine', (host) => {
    expect(reachableHostOf(host)).toBe('localhost')
  })

  it('is any other host itself', () => {
    const hosts = ['127.0.0.1', 'inventory', '::1', '[::1]'].map(reachableHostOf)

    expect(hosts).toEqual(['127.0.0.1', 'inventory', '::1', '::1'])
  })
})
