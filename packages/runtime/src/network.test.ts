import { describe, expect, it } from '@jest/globals'
import { networkOf } from './network.ts'

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it.each(['localhost', '1.2.3.4:80', '1.2.3.4, 5.6.7.8', "'; drop table attempts", '999.1.1.1'])(
    'of %s is none',
    (text) => {
      expect(networkOf(text)).toBeUndefined()
    },
  )
})
