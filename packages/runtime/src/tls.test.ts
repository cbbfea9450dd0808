import { describe, expect, it } from '@jest/globals'
import { Type } from 'typebox'
import { readSettings } from './settings.ts'
import { clientTlsOf, serverTlsOf, tlsSettings } from './tls.ts'

const [TLS_CA, TLS_CERT, TLS_KEY] = ['/certs/ca.crt', '/certs/own.crt', '/certs/own.key']

describe.each([
  ['a server', serverTlsOf],
  ['a client', clientTlsOf],
])('the files of %s', (_, tlsOf) => {
  it('are undefined without variables', () => {
    expect(tlsOf(read({}))).toBeUndefined()
  })

  it('are those of the variables', () => {
    expect(tlsOf(read({ TLS_CA, TLS_CERT, TLS_KEY }))).toEqual({ ca: TLS_CA, cert: TLS_CERT, key: TLS_KEY })
  })

  it('need no authorities', () => {
    expect(tlsOf(read({ TLS_CERT, TLS_KEY }))).toMatchObject({ cert: TLS_CERT, key: TLS_KEY })
  })

  it.each([
    ['TLS_KEY is missing, which TLS_CERT needs', { TLS_CERT }],
    ['TLS_CERT is missing, which TLS_KEY needs', { TLS_KEY, TLS_CA }],
  ])('are refused where %s', (problem, env) => {
    expect(() => tlsOf(read(env))).toThrow(`wrong settings: ${problem}`)
  })
})

describe('authorities without a certificate', () => {
  it('are enough for a client', () => {
    expect(clientTlsOf(read({ TLS_CA }))).toMatchObject({ ca: TLS_CA })
  })

  it('are not enough for a server', () => {
    expect(() => serverTlsOf(read({ TLS_CA }))).toThrow('wrong settings: TLS_CERT is missing, which TLS_CA needs')
  })
})

function read(env: Record<string, string>) {
  return readSettings(Type.Object(tlsSettings), env)
}
