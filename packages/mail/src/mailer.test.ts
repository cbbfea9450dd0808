import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, StartError } from '@books/runtime'
import { PermanentError } from '@books/runtime/outbox'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import PostalMime from 'postal-mime'
import type { SMTPServerOptions } from 'smtp-server'
import { receipt } from './mail-content.fixture.ts'
import { createMailbox } from './mailbox/mailbox.ts'
import { createMailer } from './mailer.ts'
import type { SmtpTimeouts } from './smtp-delivery.ts'
import { smtpAnswer, startSmtpServer } from './smtp-server.fixture.ts'

const PUBLIC_URL = 'http://localhost:5000'
const MAIL_FROM = 'Books & Co <shop@books.example>'
const mail = { key: 'receipt/7', to: 'Ines.Reyl@Example.com', content: receipt }

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('a mailer with a server', () => {
  it('sends a text and an HTML part from the sender to the reader', async () => {
    const server = opened.use(await startSmtpServer())

    await mailerOf(server.url).send(mail)

    const [received] = server.received
    expect(received).toMatchObject({ from: 'shop@books.example', recipients: ['Ines.Reyl@example.com'] })
    const parsed = await PostalMime.parse(received?.message ?? '')
    expect(parsed).toMatchObject({
      from: { name: 'Books & Co', address: 'shop@books.example' },
      to: [{ address: 'Ines.Reyl@example.com' }],
      subject: 'Your order at Books',
      text: expect.stringContaining('2 × Dune: £17.98'),
      html: expect.stringContaining('2 × Dune'),
    })
    expect(parsed.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }))
  })

  it('gives repeats of a key the same Message-ID, and other keys another', async () => {
    const server = opened.use(await startSmtpServer())
    const mailer = mailerOf(server.url)

    for (const key of ['receipt/7', 'receipt/7', 'receipt/8', 'a key > with\r\nBcc: a@b.example'])
      await mailer.send({ ...mail, key })

    const ids = server.received.map(({ message }) => /^Message-ID: (.*)$/m.exec(message)?.[1]?.trim())
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@books\.example>$/)
    expect(ids[1]).toBe(ids[0])
    expect(new Set(ids).size).toBe(3)
  })

  it('keeps a subject on its line', async () => {
    const server = opened.use(await startSmtpServer())
    const subject = 'Hello\r\nBcc: tomas@example.com'

    await mailerOf(server.url).send({ ...mail, content: { ...receipt, subject } })

    expect(server.received[0]?.recipients).toEqual(['Ines.Reyl@example.com'])
    const [headers] = server.received[0]?.message.split('\r\n\r\n') ?? []
    expect(headers).toMatch(/^Subject: Hello Bcc: tomas@example.com$/m)
  })

  it.each<[string, SMTPServerOptions, string, boolean]>([
    [
      'refuses the reader for good',
      {
        onRcptTo: (_to, _session, done) =>
          done(smtpAnswer(550, '5.1.1 <ines.reyl@example.com> User Ines.Reyl unknown')),
      },
      '550 5.1.1 <…> User … unknown',
      true,
    ],
    [
      'refuses the mail for good',
      {
        onData: (stream, _session, done) => {
          stream.resume()
          stream.on('end', () => done(smtpAnswer(554, 'Spam')))
        },
      },
      '554 Spam',
      true,
    ],
    [
      'has no room',
      {
        onData: (stream, _session, done) => {
          stream.resume()
          stream.on('end', () => done(smtpAnswer(451, 'Try later')))
        },
      },
      '451 Try later',
      false,
    ],
    [
      'refuses the reader for now',
      { onRcptTo: (_to, _session, done) => done(smtpAnswer(450, 'Mailbox busy')) },
      '450 Mailbox busy',
      false,
    ],
    [
      'refuses the connection',
      { onConnect: (_session, done) => done(smtpAnswer(554, 'No service')) },
      '554 No service',
      false,
    ],
  ])('rejects where the server %s', async (_what, options, text, isPermanent) => {
    const server = opened.use(await startSmtpServer(options))

    const error = await mailerOf(server.url)
      .send(mail)
      .catch((reason: unknown) => reason as Error)

    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toContain(text)
    expect(error instanceof PermanentError).toBe(isPermanent)
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toMatch(/ines|reyl/i)
  })

  it('rejects a wrong password so that the mail is tried again once that is mended', async () => {
    const server = opened.use(
      await startSmtpServer({
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: ({ password }, _session, done) =>
          password === 'right' ? done(null, { user: 'books' }) : done(smtpAnswer(535, 'Wrong password')),
      }),
    )
    const withPassword = (password: string) => mailerOf(server.url.replace('//', `//books:${password}@`)).send(mail)

    const error = await withPassword('wrong').catch((reason: unknown) => reason)
    await withPassword('right')

    expect(error).not.toBeInstanceOf(PermanentError)
    expect(error).toMatchObject({ message: expect.stringContaining('535') })
    expect(server.received).toHaveLength(1)
  })

  it('is told where nothing listens', async () => {
    const { url } = await startAndStop()

    await expect(mailerOf(url).send(mail)).rejects.toThrow('ECONNREFUSED')
  })

  it.each([
    ['does not greet', ''],
    ['does not go on after its greeting', '220 books.example ESMTP\r\n'],
  ])('gives a server up that %s', async (_what, greeting) => {
    const server = createServer((socket) => void socket.on('error', () => {}).write(greeting))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    opened.defer(() => void server.close())
    const { port } = server.address() as AddressInfo

    const sent = mailerOf(`smtp://127.0.0.1:${port}`, { greetingMs: 100, idleMs: 100 }).send(mail)

    await expect(sent).rejects.toThrow('ETIMEDOUT')
  })

  it('sends nothing to what is no address, and does not repeat it', async () => {
    const server = opened.use(await startSmtpServer())

    const error = await mailerOf(server.url)
      .send({ ...mail, to: 'ines@example.com\r\nBcc: tomas@example.com' })
      .catch((reason: unknown) => reason)

    expect(error).toEqual(new PermanentError('the address is invalid'))
    expect(server.received).toEqual([])
  })

  it.each([
    ['SMTP_URL', 'smtp://', MAIL_FROM],
    ['SMTP_URL', 'smtp://a:b@:25', MAIL_FROM],
    ['MAIL_FROM', 'smtp://mail.example', undefined],
    ['MAIL_FROM', 'smtp://mail.example', 'Books'],
    ['MAIL_FROM', 'smtp://mail.example', 'Books <shop@books.example>, tomas@example.com'],
  ])('names a wrong %s at the start: %s, %s', (name, SMTP_URL, from) => {
    const settings = { SMTP_URL, PUBLIC_URL, ...(from && { MAIL_FROM: from }) }

    expect(() => createMailer(settings, silentLog)).toThrow(StartError)
    expect(() => createMailer(settings, silentLog)).toThrow(name)
  })
})

describe('a mailer without a server', () => {
  it('writes mails into the folder mailbox of the data, as they would be sent', async () => {
    const DATA_DIR = await openFolder()
    const mailer = createMailer({ DATA_DIR, PUBLIC_URL }, silentLog)

    await mailer.send(mail)

    const [stored] = await createMailbox(join(DATA_DIR, 'mailbox')).list(10)
    expect(stored).toMatchObject({
      to: 'Ines.Reyl@example.com',
      subject: 'Your order at Books',
      text: expect.stringContaining('See your order'),
      html: expect.stringContaining('<h1'),
    })
    expect(stored?.headers).toContainEqual({
      name: 'Message-ID',
      value: expect.stringMatching(/^<[0-9a-f]{40}@shop\.example>$/),
    })
  })

  it.each([
    ['the data are in memory', { DATA_DIR: 'memory://' }],
    ['the folder cannot be written', { MAILBOX_DIR: '/dev/null/mailbox' }],
  ])('says that mail is lost where %s', async (_what, settings) => {
    const lines: string[] = []
    const log = createLog('test', { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' })
    log.warn = (...args: unknown[]) => lines.push(String(args.at(-1)))

    const mailer = createMailer({ ...settings, PUBLIC_URL }, log)
    await mailer.send(mail)

    expect(lines).toEqual(['mail is not sent and not kept: set SMTP_URL, or MAILBOX_DIR to a folder'])
  })
})

function mailerOf(SMTP_URL: string, timeouts: SmtpTimeouts = {}) {
  const mailer = createMailer({ SMTP_URL, MAIL_FROM, PUBLIC_URL }, silentLog, timeouts)
  opened.defer(mailer.close)
  return mailer
}

async function startAndStop() {
  const server = await startSmtpServer()
  await server[Symbol.asyncDispose]()
  return server
}

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'books-mail-'))
  opened.defer(() => rm(folder, { recursive: true }))
  return folder
}
