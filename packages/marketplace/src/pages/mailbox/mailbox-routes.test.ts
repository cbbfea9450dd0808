import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailbox, createMailer } from '@books/mail'
import { silentLog } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openShop, type TestShop } from '../../shop.fixture.ts'

const evil = '<script>alert(1)</script>'

let MAILBOX_DIR: string
let shop: TestShop
let name: string
beforeAll(async () => {
  MAILBOX_DIR = await mkdtemp(join(tmpdir(), 'books-shop-mailbox-'))
  shop = await openShop({ MAILBOX_DIR })
})
afterAll(async () => {
  await shop.close()
  await rm(MAILBOX_DIR, { recursive: true })
})

describe('the mailbox of the shop', () => {
  it('says that it is empty', async () => {
    const { body } = await shop.app.inject('/mailbox')

    expect(body).toContain('There is no mail yet.')
  })

  it('lists mails, and shows one with its text, its headers and its HTML in a frame', async () => {
    const mailer = createMailer({ MAILBOX_DIR, PUBLIC_URL: 'http://localhost:5000' }, silentLog)
    const action = { label: 'Sign up', url: 'http://localhost:5000/sign-up?token=a&b=c' }
    await mailer.send({
      key: 'sign-up/1',
      to: 'ines@example.com',
      content: { subject: `Welcome ${evil}`, title: `Welcome ${evil}`, paragraphs: [evil], action },
    })
    name = (await createMailbox(MAILBOX_DIR).list(1))[0]?.name ?? ''

    const list = await shop.app.inject('/mailbox')
    const mail = await shop.app.inject(`/mailbox/${name}`)

    expect(list.body).toContain(`<a href="/mailbox/${name}">Welcome &lt;script&gt;`)
    expect(list.headers['cache-control']).toBe('no-store')
    expect(mail.body).toContain('<a href="http://localhost:5000/sign-up?token&#x3D;a&amp;b&#x3D;c">')
    expect(mail.body).toContain(`src="/mailbox/${name}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"`)
    expect(mail.body).toContain('<dt>Message-ID</dt>')
    expect(mail.body).toContain('<a class="shop-name" href="/">')
    expect(mail.body).toContain('<a href="/mailbox">')
    expect(mail.body).not.toContain(evil)
    expect(mail.headers['content-security-policy']).toMatch(/default-src 'none'.*;frame-src 'self'$/)
  })

  it('shows the HTML where nothing of it runs or loads, in frames of the shop alone', async () => {
    const { body, headers } = await shop.app.inject(`/mailbox/${name}/html`)

    expect(body).toContain('Sign up')
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none';frame-ancestors 'self';sandbox allow-popups allow-popups-to-escape-sandbox",
    )
    expect(headers['x-frame-options']).toBe('SAMEORIGIN')
    expect(headers['cache-control']).toBe('no-store')
  })

  it.each(['nothing', '..%2F..%2Fpackage', 'x'.repeat(90)])('has no mail %s', async (other) => {
    const statuses = [`/mailbox/${other}`, `/mailbox/${other}/html`].map(
      async (url) => (await shop.app.inject(url)).statusCode,
    )

    expect(await Promise.all(statuses)).toEqual([404, 404])
  })

  it('is not there unless the setting names a folder', async () => {
    const other = await openShop()
    const statuses = ['/mailbox', `/mailbox/${name}`, `/mailbox/${name}/html`].map(
      async (url) => (await other.app.inject(url)).statusCode,
    )

    expect(await Promise.all(statuses)).toEqual([404, 404, 404])
    await other.close()
  })
})
