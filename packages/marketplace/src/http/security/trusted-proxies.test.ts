import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { inject } from 'light-my-request'
import { readTrustedProxies, schemeOf, useForwardedAddresses } from './trusted-proxies.ts'

describe('TRUSTED_PROXIES', () => {
  it.each([undefined, '', ' , '])('may be empty: %j', (setting) => {
    expect(readTrustedProxies(setting)).toBeUndefined()
  })

  it('has addresses and networks of both kinds', () => {
    const isTrusted = readTrustedProxies('10.0.0.0/8, 192.0.2.1,2001:db8::/32,')

    const trusted = ['10.1.2.3', '192.0.2.1', '2001:db8::7', '192.0.2.2', '2001:db9::7'].map((address) =>
      isTrusted?.(address, 0),
    )

    expect(trusted).toEqual([true, true, true, false, false])
  })

  it.each(['proxy.internal', '10.0.0.0/33', '10.0.0', '2001:db8::/129', '10.0.0.1:80'])(
    'is refused with %s, in one line that names it',
    (entry) => {
      expect(() => readTrustedProxies(`192.0.2.1, ${entry}`)).toThrow(
        `wrong settings: TRUSTED_PROXIES has "${entry}", which is no address and no network such as 10.0.0.0/8`,
      )
    },
  )
})

describe('the address of a client behind trusted proxies', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7:49152', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:49152', '2001:db8::7'],
    ['198.51.100.7:49152, 10.0.0.2:8080', '198.51.100.7'],
    // What a client itself wrote is before what the first trusted proxy saw.
    ['203.0.113.9, 198.51.100.7:1', '198.51.100.7'],
    ['unknown', '10.0.0.1'],
    ['_hidden, 10.0.0.2', '10.0.0.2'],
    ['203.0.113.9, <script>, 10.0.0.2', '10.0.0.2'],
    ['fe80::1%17', '10.0.0.1'],
    ['300.1.1.1:80', '10.0.0.1'],
    [' , ,', '10.0.0.1'],
    ['', '10.0.0.1'],
  ])('from X-Forwarded-For: %s is %s', async (header, expected) => {
    const app = Fastify({ trustProxy: readTrustedProxies('10.0.0.0/8') ?? false })
    useForwardedAddresses(app)
    app.get('/', async ({ ip }) => ip)

    const { body } = await app.inject({ url: '/', remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': header } })

    expect(body).toBe(expected)
  })
})

describe('the scheme of a request', () => {
  it.each([
    ['10.0.0.1', 'https', 'https'],
    // What a client itself wrote is before what the nearest proxy saw.
    ['10.0.0.1', 'https, http', 'http'],
    ['10.0.0.1', 'HTTPS', 'https'],
    ['10.0.0.1', 'made-up-1', 'http'],
    ['192.0.2.1', 'https', 'http'],
    ['10.0.0.1', undefined, 'http'],
  ])('from %s with X-Forwarded-Proto: %s is %s', async (remoteAddress, header, expected) => {
    const trusted = readTrustedProxies('10.0.0.0/8')

    const { body } = await inject((request, response) => response.end(schemeOf(request, trusted)), {
      ...{ url: '/', remoteAddress },
      headers: header === undefined ? {} : { 'x-forwarded-proto': header },
    })

    expect(body).toBe(expected)
  })
})
