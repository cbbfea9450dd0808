import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { knownVariables, readStoreSettings } from './settings.ts'

describe('readStoreSettings', () => {
  it('gives every service settings of its own: for all of them, or by prefix for one', () => {
    const { services } = readStoreSettings({ GRACE_MS: '1000', ARTICLES_GRACE_MS: '2000' })

    expect(services.get('inventory')).toMatchObject({ GRACE_MS: 1_000 })
    expect(services.get('articles')).toMatchObject({ GRACE_MS: 2_000 })
  })

  it('takes PORT for the web shop, and a prefixed one for each other service', () => {
    const { services } = readStoreSettings({ PORT: '8080', INVENTORY_PORT: '9000', PROBE_PORT: '9090' })

    expect(services.get('marketplace')).toMatchObject({ PORT: 8080, INVENTORY_PORT: 9000 })
    expect(services.get('inventory')).toMatchObject({ PORT: 9000 })
    expect(services.get('articles')).toMatchObject({ PORT: 50_052 })
    expect(services.get('inventory')).not.toHaveProperty('PROBE_PORT')
  })

  it('logs what needs attention, unless a variable says otherwise for all or for one', () => {
    expect(readStoreSettings({}).process.LOG_LEVEL).toBe('warn')
    expect(readStoreSettings({}).services.get('articles')?.LOG_LEVEL).toBe('warn')
    expect(readStoreSettings({ ARTICLES_LOG_LEVEL: 'debug' }).services.get('articles')?.LOG_LEVEL).toBe('debug')
  })

  it('shows mail in the shop where no server takes it', () => {
    const mailboxOf = (env: NodeJS.ProcessEnv) => readStoreSettings(env).services.get('marketplace')?.['MAILBOX_DIR']

    expect(mailboxOf({})).toBe('.data/mailbox')
    expect(mailboxOf({ DATA_DIR: '/data' })).toBe('/data/mailbox')
    expect(mailboxOf({ MAILBOX_DIR: '/mails', DATA_DIR: 'memory://' })).toBe('/mails')
    expect(mailboxOf({ DATA_DIR: 'memory://' })).toBeUndefined()
    expect(mailboxOf({ SMTP_URL: 'smtp://mail.example', MAILBOX_DIR: '/mails' })).toBeUndefined()
    const folder = mkdtempSync(join(tmpdir(), 'books-settings-'))
    writeFileSync(join(folder, 'smtp-url'), 'smtp://mail.example')
    expect(mailboxOf({ SMTP_URL_FILE: join(folder, 'smtp-url') })).toBeUndefined()
    rmSync(folder, { recursive: true })
  })

  it('has links in mails lead to the shop, on its port unless it has another origin', () => {
    const originOf = (env: NodeJS.ProcessEnv) => readStoreSettings(env).services.get('accounts')?.['PUBLIC_URL']

    expect(originOf({})).toBe('http://localhost:5000')
    expect(originOf({ PORT: '8080' })).toBe('http://localhost:8080')
    expect(originOf({ PORT: '8080', PUBLIC_URL: 'https://books.example' })).toBe('https://books.example')
  })

  it('lets the checkout lead to the pages of the provider that takes the payments', () => {
    const originsOf = (env: NodeJS.ProcessEnv) =>
      readStoreSettings(env).services.get('marketplace')?.['PAYMENT_ORIGINS']

    expect(originsOf({})).toBe('http://localhost:5001')
    expect(originsOf({ PAYMENT_SANDBOX_PORT: '5101' })).toBe('http://localhost:5101')
    expect(originsOf({ PAYMENT_PAGE_ORIGIN: 'https://pay.example' })).toBe('https://pay.example')
    expect(originsOf({ STRIPE_SECRET_KEY: 'sk_test_1' })).toBe('https://checkout.stripe.com')
    expect(originsOf({ PAYMENT_ORIGINS: 'https://other.example', STRIPE_SECRET_KEY: 'sk_test_1' })).toBe(
      'https://other.example',
    )
  })

  it('has a key of the payment sandbox, which is another one in each process unless it is given', () => {
    const keyOf = (env: NodeJS.ProcessEnv) =>
      readStoreSettings(env).services.get('payment-sandbox')?.['PAYMENT_SANDBOX_KEY']

    expect(keyOf({})).toMatch(/^[0-9a-f]{48}$/)
    expect(keyOf({})).not.toBe(keyOf({}))
    expect(keyOf({ PAYMENT_SANDBOX_KEY: 'a key of sixteen' })).toBe('a key of sixteen')
  })

  it('names a wrong variable as it stands in the environment', () => {
    expect(() => readStoreSettings({ ARTICLES_GRACE_MS: 'soon' })).toThrow('ARTICLES_GRACE_MS must be integer')
  })
})

describe('knownVariables', () => {
  it('has those of the process and of each service, with its prefix and without', () => {
    expect(knownVariables()).toEqual(
      expect.arrayContaining(['DATA_DIR', 'GRACE_MS', 'ARTICLES_GRACE_MS', 'COOKIE_SECRET_FILE', 'INVENTORY_HOST']),
    )
  })

  it.each(['ARTICLES_DATABASE_URL', 'ARTICLES_DATA_DIR_FILE', 'INVENTORY_METRICS_PORT', 'PROBE_PORT'])(
    'does not have %s, which would have no effect in one process',
    (name) => {
      expect(knownVariables()).not.toContain(name)
    },
  )
})
