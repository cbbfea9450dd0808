import { domainToASCII } from 'node:url'
import { silentLog } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createMailer, type Mailer } from './mailer.ts'
import { readAddress } from './read-address.ts'
import { startSmtpServer, type TestSmtpServer } from './smtp-server.fixture.ts'

describe('an address', () => {
  it.each([
    ['ines@example.com', 'ines@example.com'],
    ['Ines.Reyl+books@Example.COM', 'Ines.Reyl+books@example.com'],
    ["o'neill!#$%&*=?^_`{|}~-/@a.b.example", "o'neill!#$%&*=?^_`{|}~-/@a.b.example"],
    ['ines@bücher.example', 'ines@xn--bcher-kva.example'],
    ['ines@BÜCHER。example', 'ines@xn--bcher-kva.example'],
    ['ines@xn--bcher-kva.example', 'ines@xn--bcher-kva.example'],
    ['  ines@example.com ', 'ines@example.com'],
    [`${'x'.repeat(64)}@${'y'.repeat(60)}.example`, `${'x'.repeat(64)}@${'y'.repeat(60)}.example`],
  ])('is read from %j', (typed, address) => {
    expect(readAddress(typed)).toEqual({ typed: typed.trim(), address, key: address.toLowerCase() })
  })

  it.each([
    ['nothing', ''],
    ['no @', 'ines.example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ines@'],
    ['a domain of one label', 'ines@localhost'],
    ['an IPv4 address', 'ines@127.0.0.1'],
    ['a number that a URL reads as an address', 'ines@2130706433'],
    ['a domain literal', 'ines@[127.0.0.1]'],
    ['a port', 'ines@example.com:25'],
    ['an escaped character of the domain', 'ines@ex%61mple.com'],
    ['two @', 'ines@tomas@example.com'],
    ['a dot at the start', '.ines@example.com'],
    ['a dot at the end', 'ines.@example.com'],
    ['two dots', 'ines..reyl@example.com'],
    ['an empty label', 'ines@example..com'],
    ['a dot after the domain', 'ines@example.com.'],
    ['a hyphen at the start of a label', 'ines@-example.com'],
    ['an underscore in the domain', 'ines@ex_ample.com'],
    ['a quoted local part', '"ines reyl"@example.com'],
    ['a quoted @', '"ines@books"@example.com'],
    ['a space', 'ines reyl@example.com'],
    ['a space in the domain', 'ines@example .com'],
    ['a no-break space', 'ines\u00A0@example.com'],
    ['a name', 'Ines <ines@example.com>'],
    ['brackets', '<ines@example.com>'],
    ['a comment', 'ines(reader)@example.com'],
    ['a list', 'ines@example.com, tomas@example.com'],
    ['a list without a space', 'ines@example.com,tomas@example.com'],
    ['a list with a semicolon', 'ines@example.com;tomas@example.com'],
    ['a group', 'readers:ines@example.com;'],
    ['CR LF and a header', 'ines@example.com\r\nBcc: tomas@example.com'],
    ['CR LF and a command', 'ines@example.com>\r\nRCPT TO:<tomas@example.com'],
    ['CR LF at the end', 'ines@example.com\r\n'],
    ['LF', 'ines@example.com\n'],
    ['CR before the @', 'ines\r@example.com'],
    ['a NUL', 'ines\0@example.com'],
    ['a tab', 'ines@exam\tple.com'],
    ['letters outside of ASCII before the @', 'inès@example.com'],
    ['a full-width @', 'ines＠example.com'],
    ['a direction override', 'ines@ex\u202Eample.com'],
    ['a local part of 65 characters', `${'x'.repeat(65)}@example.com`],
    ['a label of 64 characters', `ines@${'y'.repeat(64)}.example`],
    ['255 characters', `${'x'.repeat(60)}@${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.example.com`],
    ['255 characters in ASCII only', `${'x'.repeat(20)}@${`${'ü'.repeat(52)}.`.repeat(4)}example`],
    ['a megabyte', `ines@${'a.'.repeat(500_000)}com`],
  ])('is not read from %s', (_what, text) => {
    expect(readAddress(text)).toBeUndefined()
  })
})

describe('a mail to any text that is taken for an address', () => {
  let server: TestSmtpServer
  let mailer: Mailer
  beforeAll(async () => {
    server = await startSmtpServer()
    const settings = { SMTP_URL: server.url, MAIL_FROM: 'books@shop.example', PUBLIC_URL: 'http://localhost:5000' }
    mailer = createMailer(settings, silentLog)
  })
  afterAll(async () => {
    mailer.close()
    await server[Symbol.asyncDispose]()
  })

  // Half of them are addresses, whose parts contain everything that means something in a header or a command.
  const piece = fc.constantFrom(
    'ines',
    'a',
    '.',
    '@',
    ' ',
    '"',
    '\r\n',
    '\n',
    '\0',
    ',',
    ';',
    ':',
    '<',
    '>',
    '(',
    ')',
    '\\',
    '%0d',
    'ü',
    '＠',
    '。',
    '=?utf-8?q?a=40b?=',
    'Bcc: tomas@example.com',
    'example.com',
  )
  const anyText = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  const local = fc.stringMatching(/^[\w!#$%&'*+/=?^`{|}~-]{1,20}$/)
  const domain = fc.constantFrom('example.com', 'bücher.example', 'EXAMPLE.org', 'a.b.c.example')
  const typed = fc.oneof(
    anyText,
    fc.tuple(local, domain).map(([before, after]) => `${before}@${after}`),
    fc.tuple(local, anyText, domain).map(([before, between, after]) => `${before}${between}@${after}`),
    fc.tuple(local, domain, anyText).map(([before, after, rest]) => `${before}@${after}${rest}`),
  )

  it('has exactly that one recipient', async () => {
    await fc.assert(
      fc.asyncProperty(typed, async (to) => {
        server.received.length = 0
        const address = readAddress(to)
        const content = { subject: 'A receipt', title: 'A receipt', paragraphs: [] }

        await mailer.send({ key: 'receipt/1', to, content }).catch((error: unknown) => {
          if (address) throw error
        })

        // The server shows the domain as people write it.
        const recipients = server.received.map((mail) =>
          mail.recipients.map((each) => each.replace(/[^@]*$/, domainToASCII)),
        )
        expect(recipients).toEqual(address ? [[address.address]] : [])
        const [headers = ''] = (server.received[0]?.message ?? '').split('\r\n\r\n')
        expect([...headers.matchAll(/^(to|cc|bcc):.*$/gim)]).toHaveLength(address ? 1 : 0)
      }),
      { numRuns: 300 },
    )
  })
})
