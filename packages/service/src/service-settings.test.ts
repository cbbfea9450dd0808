import { EchoService } from '@books/proto'
import { describe, expect, it } from '@jest/globals'
import { Type } from 'typebox'
import { defineService, defineWebService } from './define-service.ts'
import { dependency, httpDependency } from './dependency.ts'
import { readServiceSettings, settingsSchemaOf, stopWithinMsOf } from './service-settings.ts'

const cart = defineService({
  name: 'cart',
  port: 50_058,
  settings: { CART_IDLE_DAYS: Type.Integer({ default: 30 }), MAIL_FROM: Type.String({ default: 'cart@localhost' }) },
  dependencies: { 'payment-sandbox': dependency(EchoService, { port: 5_001, deadlineMs: 700 }) },
  start: async () => ({ services: [] }),
})

describe('readServiceSettings', () => {
  it('has the settings of every server, of each dependency and of its own', () => {
    expect(readServiceSettings(cart, { PORT: '8080' })).toMatchObject({
      ...{ PORT: 8080, HOST: '::', LOG_LEVEL: 'info', DRAIN_MS: 0, GRACE_MS: 10_000 },
      ...{
        PAYMENT_SANDBOX_HOST: 'localhost',
        PAYMENT_SANDBOX_PORT: 5_001,
        PAYMENT_SANDBOX_DEADLINE_MS: 700,
        PAYMENT_SANDBOX_USES_PROXY: false,
      },
      ...{ CART_IDLE_DAYS: 30, MAIL_FROM: 'cart@localhost' },
    })
  })

  it('has only the address of a dependency by HTTP', () => {
    const paying = defineService({
      name: 'paying',
      port: 1,
      dependencies: { 'payment-sandbox': httpDependency({ port: 5_001 }) },
      start: async () => ({ services: [] }),
    })
    const { properties } = settingsSchemaOf(paying)
    const names = Object.keys(properties).filter((name) => name.startsWith('PAYMENT_SANDBOX_'))

    expect(names).toEqual(['PAYMENT_SANDBOX_HOST', 'PAYMENT_SANDBOX_PORT'])
    expect(readServiceSettings(paying, {})).toMatchObject({
      PAYMENT_SANDBOX_HOST: 'localhost',
      PAYMENT_SANDBOX_PORT: 5_001,
    })
  })

  it('has those of a database only with migrations, and those of a gRPC server only where it is one', () => {
    const web = defineWebService({ name: 'web', port: 1, start: async () => ({ port: 1, async stop() {} }) })

    const settings = readServiceSettings(web, { DATABASE_URL: 'postgres://', PROBE_PORT: '9090' })

    expect(settings).not.toHaveProperty('DATABASE_URL')
    expect(settings).not.toHaveProperty('PROBE_PORT')
  })

  it('takes a variable of its own before the one of all services, where services share an environment', () => {
    const env = { GRACE_MS: '1000', CART_GRACE_MS: '2000', CART_MAIL_FROM: 'us@example.org', LOG_LEVEL: 'warn' }

    const shared = readServiceSettings(cart, env, { isPrefixed: true })
    const alone = readServiceSettings(cart, env)

    expect(shared).toMatchObject({ GRACE_MS: 2_000, MAIL_FROM: 'us@example.org', LOG_LEVEL: 'warn' })
    expect(alone).toMatchObject({ GRACE_MS: 1_000, MAIL_FROM: 'cart@localhost', LOG_LEVEL: 'warn' })
  })

  it('names a wrong variable as it stands in the environment', () => {
    const read = () => readServiceSettings(cart, { CART_GRACE_MS: 'soon' }, { isPrefixed: true })

    expect(read).toThrow('wrong settings: CART_GRACE_MS must be integer')
  })
})

describe('stopWithinMsOf', () => {
  it('is longer than the drain and the grace of the settings, however long these are', () => {
    expect(stopWithinMsOf({ DRAIN_MS: 5_000, GRACE_MS: 60_000 })).toBeGreaterThan(65_000)
    expect(stopWithinMsOf(readServiceSettings(cart, {}))).toBeGreaterThan(10_000)
  })
})
