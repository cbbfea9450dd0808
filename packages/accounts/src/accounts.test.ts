import { Status } from '@books/rpc'
import { enqueue } from '@books/runtime/outbox'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AccountsUnderTest, engines, password, serveAccounts } from './accounts.fixture.ts'
import { fingerprintOf } from './mails/link-jobs.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const unauthenticated = { code: Status.UNAUTHENTICATED }
const noSuchLink = { code: Status.NOT_FOUND, message: 'The link is unknown, was used or is too old' }
const newPassword = 'a new and better password'

let made = 0
const newAddress = () => `reader${++made}@example.org`

const from = (network: string) => ({ network, userAgent: '' })

describe.each(engines)('accounts (%s)', (_, openDatabase) => {
  let accounts: AccountsUnderTest
  beforeAll(async () => {
    accounts = await serveAccounts(openDatabase)
  })
  afterAll(async () => accounts[Symbol.asyncDispose]())

  describe('signing up', () => {
    it('creates an account for an address that was proven, and a session', async () => {
      const { client, tokenTo } = accounts
      const email = newAddress()

      expect(await client.requestSignUp({ email: ` ${email} ` })).toEqual({})
      const token = await tokenTo(email)
      const { account, sessionToken } = await client.signUp({
        token,
        name: ' Ada Lovelace ',
        password,
        acceptsOffers: true,
      })

      expect(account).toMatchObject({ name: 'Ada Lovelace', email, acceptsOffers: true })
      expect(account?.readerId).toBeGreaterThanOrEqual(1_000_000_000)
      expect(Buffer.from(sessionToken, 'base64url')).toHaveLength(32)
      expect((await client.getSession({ sessionToken })).account).toEqual(account)
    })

    it('uses a link once, and only for what it is for', async () => {
      const { client, tokenTo, signUp } = accounts
      const email = newAddress()
      await client.requestSignUp({ email })
      const token = await tokenTo(email)

      await expect(client.resetPassword({ token, newPassword })).rejects.toMatchObject(noSuchLink)
      await client.signUp({ token, name: 'Ada', password })
      await expect(client.signUp({ token, name: 'Eve', password })).rejects.toMatchObject(noSuchLink)

      await signUp(newAddress())
    })

    it('creates one account where two links are used at the same time', async () => {
      const { client, tokenTo } = accounts
      const email = newAddress()
      await client.requestSignUp({ email })
      await client.requestSignUp({ email })
      const tokens = [await tokenTo(email), await tokenTo(email)]

      const results = await Promise.allSettled(tokens.map((token) => client.signUp({ token, name: 'Ada', password })))

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: noSuchLink })
    })

    it('tells an address that has an account how to sign in, and answers the same', async () => {
      const { client, signUp, mailer } = accounts
      const email = newAddress()
      await signUp(email)

      expect(await client.requestSignUp({ email: email.toUpperCase() })).toEqual({})

      const { content } = await mailer.waitFor(email)
      expect(content.subject).toBe('You have an account at Books')
      expect(content.action?.url).toBe('https://books.example/sign-in')
    })

    it('refuses a link after 24 hours', async () => {
      const { client, tokenTo, pass } = accounts
      const email = newAddress()
      await client.requestSignUp({ email })
      const token = await tokenTo(email)

      pass(day)

      await expect(client.signUp({ token, name: 'Ada', password })).rejects.toMatchObject(noSuchLink)
    })

    it.each([
      ['name', { name: ' ' }, 'must not be empty'],
      ['name', { name: 'x'.repeat(101) }, 'must have at most 100 characters'],
      ['name', { name: 'Ada\nLovelace' }, 'must not contain control characters'],
      ['password', { password: 'too short' }, 'must have at least 15 characters'],
      ['password', { password: 'passwordpassword' }, 'is one that many people use, so it is easy to guess'],
    ])('refuses a %s %j, and keeps the link', async (field, wrong, description) => {
      const { client, tokenTo } = accounts
      const email = newAddress()
      await client.requestSignUp({ email })
      const token = await tokenTo(email)

      await expect(client.signUp({ token, name: 'Ada', password, ...wrong })).rejects.toMatchObject({
        code: Status.INVALID_ARGUMENT,
        details: { badRequest: { fieldViolations: [{ field, description }] } },
      })
      await client.signUp({ token, name: 'Ada', password })
    })

    it.each(['', 'ada', 'ada@example.org\r\nBcc: eve@example.org', 'a@b, c@d'])(
      'refuses the address %j',
      async (email) => {
        await expect(accounts.client.requestSignUp({ email })).rejects.toMatchObject({
          code: Status.INVALID_ARGUMENT,
          details: { badRequest: { fieldViolations: [{ field: 'email' }] } },
        })
      },
    )
  })

  describe('signing in', () => {
    it('begins a session of its own, whatever the case of the address', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const { sessionToken, readerId } = await signUp(email)

      const signedIn = await client.signIn({ email: email.toUpperCase(), password })

      expect(signedIn.account?.readerId).toBe(readerId)
      expect(signedIn.sessionToken).not.toBe(sessionToken)
      await client.getSession(signedIn)
      await client.getSession({ sessionToken })
    })

    it('answers the same for a wrong password and for an address without an account', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      await signUp(email)

      const [wrong, unknown] = await Promise.allSettled(
        [email, newAddress()].map((each) => client.signIn({ email: each, password: 'not the password' })),
      )

      expect(wrong).toMatchObject({ reason: unauthenticated })
      expect(unknown).toEqual(wrong)
    })

    it('accepts a password in either form of Unicode', async () => {
      const { client, tokenTo } = accounts
      const email = newAddress()
      await client.requestSignUp({ email })
      await client.signUp({
        token: await tokenTo(email),
        name: 'Zoë',
        password: 'mein süßes Geheimnis'.normalize('NFD'),
      })

      const signedIn = await client.signIn({ email, password: 'mein süßes Geheimnis'.normalize('NFC') })
      expect(signedIn.account?.email).toBe(email)
    })
  })

  describe('attempts', () => {
    const wrong = 'not the password'
    const exhausted = { code: Status.RESOURCE_EXHAUSTED, details: { retryInfo: { retryDelay: expect.anything() } } }

    it('are slowed down for one account from one network, and never for good', async () => {
      const { client, signUp, pass } = accounts
      const email = newAddress()
      await signUp(email)
      const origin = from('203.0.113.1')
      for (let attempt = 0; attempt < 6; attempt++) {
        await expect(client.signIn({ email, password: wrong, origin })).rejects.toMatchObject(unauthenticated)
      }

      await expect(client.signIn({ email, password, origin })).rejects.toMatchObject(exhausted)
      pass(minute)
      await client.signIn({ email, password, origin })
    })

    it('from many networks do not keep out the owner of the account', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const home = from('198.51.100.1')
      await signUp(email)
      await client.signIn({ email, password, origin: home })

      const guesses = Array.from({ length: 100 }, (_, index) => from(`10.0.0.${index}`))
      const results = await Promise.all(
        guesses.map((origin) => client.signIn({ email, password: wrong, origin }).catch(({ code }) => code)),
      )

      expect(results.filter((code) => code === Status.UNAUTHENTICATED).length).toBeLessThan(30)
      await client.signIn({ email, password, origin: home })
    })

    it('on many accounts slow down the network that they come from, and no other', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      await signUp(email)
      const origin = from('2001:db8:bad:1::1')

      const results: unknown[] = []
      for (let attempt = 0; attempt < 80; attempt++) {
        results.push(await client.signIn({ email: newAddress(), password: wrong, origin }).catch(({ code }) => code))
      }

      expect(results.at(-1)).toBe(Status.RESOURCE_EXHAUSTED)
      await expect(client.signIn({ email, password, origin: from('2001:db8:bad:1::2') })).rejects.toMatchObject(
        exhausted,
      )
      await client.signIn({ email, password, origin: from('2001:db8:bad:2::1') })
    })

    it('at the same time count one after the other', async () => {
      const { client } = accounts
      const email = newAddress()
      const origin = from('203.0.113.9')

      const results = await Promise.all(
        Array.from({ length: 20 }, () => client.signIn({ email, password: wrong, origin }).catch(({ code }) => code)),
      )

      expect(results.filter((code) => code === Status.UNAUTHENTICATED).length).toBeLessThanOrEqual(6)
    })

    it('to have mails sent to one address are slowed down', async () => {
      const { client } = accounts
      const email = newAddress()
      for (let attempt = 0; attempt < 4; attempt++) await client.requestSignUp({ email })

      await expect(client.requestSignUp({ email })).rejects.toMatchObject(exhausted)
    })
  })

  describe('sessions', () => {
    it('are listed with where they began, and the others end', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const { sessionToken } = await signUp(email)
      const origin = { network: '192.0.2.4', userAgent: 'Lynx' }
      const other = await client.signIn({ email, password, origin })

      const { sessions } = await client.listSessions({ sessionToken })
      const { ended } = await client.endOtherSessions({ sessionToken })

      expect(sessions).toHaveLength(2)
      expect(sessions.find(({ isCurrent }) => !isCurrent)).toMatchObject(origin)
      expect(ended).toBe(1)
      await expect(client.getSession(other)).rejects.toMatchObject(unauthenticated)
      await client.getSession({ sessionToken })
    })

    it('end by signing out, which may be repeated', async () => {
      const { client, signUp } = accounts
      const { sessionToken } = await signUp(newAddress())

      await client.signOut({ sessionToken })
      await client.signOut({ sessionToken })

      await expect(client.getSession({ sessionToken })).rejects.toMatchObject(unauthenticated)
    })

    it('end after 30 days without use, and after 180 days however much they are used', async () => {
      const { client, signUp, pass } = accounts
      const { sessionToken } = await signUp(newAddress())
      const idle = await signUp(newAddress())

      for (let days = 25; days <= 175; days += 25) {
        pass(25 * day)
        await client.getSession({ sessionToken })
      }
      await expect(client.getSession(idle)).rejects.toMatchObject(unauthenticated)
      pass(5 * day)
      await expect(client.getSession({ sessionToken })).rejects.toMatchObject(unauthenticated)
    })

    it('are kept as hashes of their tokens', async () => {
      const { signUp, tables } = accounts
      const { sessionToken } = await signUp(newAddress())

      const rows = await tables.selectFrom('sessions').selectAll().execute()

      expect(rows.length).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain(sessionToken)
    })
  })

  describe('passwords', () => {
    it('are changed by who knows the old one; every other session ends, and a mail says so', async () => {
      const { client, signUp, mailer } = accounts
      const email = newAddress()
      const { sessionToken } = await signUp(email)
      const other = await client.signIn({ email, password })

      const changed = await client.changePassword({ sessionToken, oldPassword: password, newPassword })

      for (const ended of [{ sessionToken }, other]) {
        await expect(client.getSession(ended)).rejects.toMatchObject(unauthenticated)
      }
      await client.getSession(changed)
      expect((await mailer.waitFor(email)).content.subject).toBe('Your password at Books was changed')
      await expect(client.signIn({ email, password })).rejects.toMatchObject(unauthenticated)
      await client.signIn({ email, password: newPassword })
    })

    it('are not changed by who does not', async () => {
      const { client, signUp } = accounts
      const { sessionToken } = await signUp(newAddress())

      const changing = client.changePassword({ sessionToken, oldPassword: 'not the password', newPassword })

      await expect(changing).rejects.toMatchObject({ code: Status.PERMISSION_DENIED })
      await client.getSession({ sessionToken })
    })

    it('are reset by a link within 30 minutes', async () => {
      const { client, signUp, tokenTo, pass } = accounts
      const email = newAddress()
      const { sessionToken } = await signUp(email)
      await client.requestPasswordReset({ email })
      const token = await tokenTo(email)
      await client.requestPasswordReset({ email })
      const late = await tokenTo(email)

      const reset = await client.resetPassword({ token, newPassword })

      await client.getSession(reset)
      await expect(client.getSession({ sessionToken })).rejects.toMatchObject(unauthenticated)
      await client.signIn({ email, password: newPassword })
      // A reset makes all other links useless.
      await expect(client.resetPassword({ token: late, newPassword })).rejects.toMatchObject(noSuchLink)
      await client.requestPasswordReset({ email })
      await expect(accounts.mailer.waitFor(email)).resolves.toMatchObject({
        content: { title: 'Your password was changed' },
      })
      const expired = await tokenTo(email)
      pass(30 * minute)
      await expect(client.resetPassword({ token: expired, newPassword })).rejects.toMatchObject(noSuchLink)
    })

    it('of an address without an account are not reset, after the same answer', async () => {
      const { client, mailer } = accounts
      const email = newAddress()

      expect(await client.requestPasswordReset({ email })).toEqual({})
      await accounts.signUp(newAddress())

      expect(mailer.sent.filter(({ to }) => to === email)).toEqual([])
    })
  })

  describe('addresses', () => {
    it('are changed once the new one is proven, and the old one is told', async () => {
      const { client, signUp, tokenTo, mailer } = accounts
      const [email, newEmail] = [newAddress(), newAddress()]
      const { sessionToken } = await signUp(email)

      await client.requestEmailChange({ sessionToken, newEmail, password })
      expect((await client.getSession({ sessionToken })).account?.email).toBe(email)
      const { account } = await client.changeEmail({ token: await tokenTo(newEmail) })

      expect(account?.email).toBe(newEmail)
      expect((await mailer.waitFor(email)).content.subject).toBe('Your address at Books was changed')
      await client.signIn({ email: newEmail, password })
      await expect(client.signIn({ email, password })).rejects.toMatchObject(unauthenticated)
    })

    it('of another account are not taken, after the same answer', async () => {
      const { client, signUp, mailer, tokenTo } = accounts
      const [email, taken, later] = [newAddress(), newAddress(), newAddress()]
      const { sessionToken } = await signUp(email)
      await signUp(taken)

      expect(await client.requestEmailChange({ sessionToken, newEmail: taken, password })).toEqual({})
      expect((await mailer.waitFor(taken)).content.subject).toBe('This address has an account at Books')

      await client.requestEmailChange({ sessionToken, newEmail: later, password })
      const token = await tokenTo(later)
      await signUp(later)
      await expect(client.changeEmail({ token })).rejects.toMatchObject(noSuchLink)
    })

    it('are taken once where two accounts confirm the same one at the same time', async () => {
      const { client, signUp, tokenTo } = accounts
      const wanted = newAddress()
      const tokens: string[] = []
      for (const { sessionToken } of [await signUp(newAddress()), await signUp(newAddress())]) {
        await client.requestEmailChange({ sessionToken, newEmail: wanted, password })
        tokens.push(await tokenTo(wanted))
      }

      const results = await Promise.allSettled(tokens.map((token) => client.changeEmail({ token })))

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: noSuchLink })
    })
  })

  describe('races', () => {
    it('end no session of the old password later than its change', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const { sessionToken } = await signUp(email)

      const signingIn = Array.from({ length: 8 }, (_, index) =>
        client.signIn({ email, password, origin: from(`192.0.2.${100 + index}`) }).catch(() => undefined),
      )
      await client.changePassword({ sessionToken, oldPassword: password, newPassword })
      const begun = (await Promise.all(signingIn)).filter((each) => each !== undefined)

      for (const session of begun) await expect(client.getSession(session)).rejects.toMatchObject(unauthenticated)
    })

    it('mail no link for a request to change the address that was made before the password was changed', async () => {
      const { client, signUp, mailer, tables } = accounts
      const email = newAddress()
      const elsewhere = newAddress()
      const { sessionToken } = await signUp(email)
      const account = await tables
        .selectFrom('accounts')
        .selectAll()
        .where('email', '=', email)
        .executeTakeFirstOrThrow()
      await client.changePassword({ sessionToken, oldPassword: password, newPassword })
      await mailer.waitFor(email)

      // As the outbox has it where the first try to send it failed.
      const payload = {
        ...{ kind: 'email-change-link', email: elsewhere, emailKey: elsewhere, accountId: account.id },
        passwordHash: fingerprintOf(account.password),
      }
      await enqueue(tables, { kind: 'email-change-link', key: email, payload })
      await signUp(newAddress())

      expect(mailer.sent.filter(({ to }) => to === elsewhere)).toEqual([])
    })

    it('use up the link of an address that has an account by now', async () => {
      const { client, tokenTo } = accounts
      const email = newAddress()
      await client.requestSignUp({ email })
      await client.requestSignUp({ email })
      const [first, second] = [await tokenTo(email), await tokenTo(email)]
      await client.signUp({ token: first, name: 'Ada', password })

      await expect(client.signUp({ token: second, name: 'Ada', password })).rejects.toMatchObject(noSuchLink)

      const links = await accounts.tables.selectFrom('links').selectAll().where('email', '=', email).execute()
      expect(links).toEqual([])
    })
  })

  describe('profiles', () => {
    it('change only what is given', async () => {
      const { client, signUp } = accounts
      const { sessionToken } = await signUp(newAddress(), 'Ada')

      await client.updateProfile({ sessionToken, acceptsOffers: true })
      const { account } = await client.updateProfile({ sessionToken, name: 'Countess' })

      expect(account).toMatchObject({ name: 'Countess', acceptsOffers: true })
      const { account: same } = await client.updateProfile({ sessionToken })
      expect(same).toEqual(account)
    })

    it('are told to other services by reader id, until they are deleted', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const { sessionToken, readerId } = await signUp(email, 'Ada')
      await client.updateProfile({ sessionToken, acceptsOffers: true })

      const told = await client.getReader({ readerId })
      await client.deleteAccount({ sessionToken, password })

      expect(told).toEqual({ name: 'Ada', email, acceptsOffers: true, createdAt: expect.any(Date) })
      await expect(client.getReader({ readerId })).rejects.toMatchObject({ code: Status.NOT_FOUND })
    })

    it('list those who accept offers', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const { sessionToken, readerId } = await signUp(email, 'Ada')
      const listed = async () =>
        (await Array.fromAsync(client.listSubscribers({}))).filter((each) => each.email === email)

      expect(await listed()).toEqual([])
      await client.updateProfile({ sessionToken, acceptsOffers: true })

      expect(await listed()).toEqual([{ readerId, name: 'Ada', email }])
    })

    it('are exported as JSON, without anything secret', async () => {
      const { client, signUp } = accounts
      const email = newAddress()
      const { sessionToken, readerId } = await signUp(email, 'Ada')

      const { json } = await client.exportAccount({ sessionToken })

      expect(JSON.parse(json)).toMatchObject({ name: 'Ada', email, readerId, sessions: [{ isCurrent: true }] })
      expect(json).not.toMatch(/argon2|token|hash/i)
    })

    it('are deleted by who knows the password, with all that was kept', async () => {
      const { client, signUp, tables, mailer } = accounts
      const email = newAddress()
      const { sessionToken, readerId } = await signUp(email, 'Ada Augusta')
      await client.signIn({ email, password, origin: { network: '192.0.2.77', userAgent: 'Ada browser' } })

      await expect(client.deleteAccount({ sessionToken, password: 'not the password' })).rejects.toMatchObject({
        code: Status.PERMISSION_DENIED,
      })
      await client.deleteAccount({ sessionToken, password })

      await expect(client.getSession({ sessionToken })).rejects.toMatchObject(unauthenticated)
      await expect(client.signIn({ email, password })).rejects.toMatchObject(unauthenticated)
      expect((await mailer.waitFor(email)).content.subject).toBe('Your account at Books was deleted')
      const kept: unknown[] = []
      for (const table of ['accounts', 'sessions', 'links', 'known_networks', 'attempts'] as const) {
        kept.push(...(await tables.selectFrom(table).selectAll().execute()))
      }
      expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${email}|Ada Augusta|Ada browser|192\\.0\\.2\\.77`))

      expect((await signUp(email)).readerId).not.toBe(readerId)
    })
  })

  it('tells once who deleted an account, to who asks later too', async () => {
    const { client, signUp } = accounts
    const { sessionToken, readerId } = await signUp(newAddress())
    const leaving = new AbortController()
    const watch = (afterRevision: number) =>
      client.watchDeletedReaders({ afterRevision }, { signal: leaving.signal })[Symbol.asyncIterator]()
    const stream = watch(0)
    const { value: before } = await stream.next()

    // A double click.
    const deleted = await Promise.allSettled([1, 2, 3].map(() => client.deleteAccount({ sessionToken, password })))
    const { value: told } = await stream.next()
    const { value: again } = await watch(before.revision).next()
    const { value: nothing } = await watch(told.revision).next()
    leaving.abort()

    const failures = deleted.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(failures).toEqual(failures.map(() => expect.objectContaining(unauthenticated)))
    expect(before.readerIds).not.toContain(readerId)
    expect(told).toEqual({ readerIds: [readerId], revision: before.revision + 1, isCurrent: true })
    expect(again).toEqual(told)
    expect(nothing).toEqual({ ...told, readerIds: [] })
  })

  it('refuses every method of a session that never was', async () => {
    const { client } = accounts
    const sessionToken = 'no-such-token'

    for (const call of [
      () => client.getSession({ sessionToken }),
      () => client.listSessions({ sessionToken }),
      () => client.endOtherSessions({ sessionToken }),
      () => client.changePassword({ sessionToken, oldPassword: password, newPassword }),
      () => client.requestEmailChange({ sessionToken, newEmail: newAddress(), password }),
      () => client.updateProfile({ sessionToken, name: 'Eve' }),
      () => client.exportAccount({ sessionToken }),
      () => client.deleteAccount({ sessionToken, password }),
    ]) {
      await expect(call()).rejects.toMatchObject(unauthenticated)
    }
  })
})
