import { Account, AccountsServiceService, Session } from '@books/proto'
import { type Handlers, invalidArgument, notFound, permissionDenied, unauthenticated } from '@books/rpc'
import { fakeService } from '@books/rpc/testing'

/** A reader who has an account. */
export const ada = Account.fromPartial({
  id: 'ada',
  readerId: 1_000_001,
  name: 'Ada Lovelace',
  email: 'ada@books.example',
  createdAt: new Date('2026-11-01T10:00:00Z'),
})

/** Her password. */
export const password = 'a very long engine'

/** The token of the mails. */
export const linkToken = 'token-of-a-mail'

/** The user agent of her other session. */
const otherAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0'

/** Knows Ada. Every token that begins with `session-` is one of hers until it has ended. */
export function fakeAccounts(handlers: Partial<Handlers<typeof AccountsServiceService>> = {}) {
  let account = ada
  let current = password
  let begun = 0
  const ended = new Set<string>()
  const begin = () => ({ account, sessionToken: `session-${++begun}` })
  const requireSession = (token: string) => {
    if (!token.startsWith('session-') || ended.has(token)) throw unauthenticated('The session has ended')
  }
  const requireToken = (token: string) => {
    if (token !== linkToken) throw notFound('The link is unknown, was used or is too old')
  }
  const requirePassword = (given: string) => {
    if (given !== current) throw permissionDenied('The password is wrong')
  }
  const requireAddress = (field: string, email: string) => {
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw invalidArgument(field, 'must be an address such as ada@books.example')
  }
  const requireNewPassword = (field: string, given: string) => {
    if (given.length < 15) throw invalidArgument(field, 'must have at least 15 characters')
  }

  return fakeService(AccountsServiceService, {
    async requestSignUp({ email }) {
      requireAddress('email', email)
      return {}
    },
    async signUp({ token, name, password, acceptsOffers }) {
      requireToken(token)
      if (name.trim() === '') throw invalidArgument('name', 'must not be empty')
      requireNewPassword('password', password)
      account = { ...account, name, acceptsOffers }
      return begin()
    },
    async signIn({ email, password }) {
      requireAddress('email', email)
      if (email !== account.email || password !== current) throw unauthenticated('The address or the password is wrong')
      return begin()
    },
    async signOut({ sessionToken }) {
      ended.add(sessionToken)
      return {}
    },
    async getSession({ sessionToken }) {
      requireSession(sessionToken)
      return { account, session: undefined }
    },
    async listSessions({ sessionToken }) {
      requireSession(sessionToken)
      const times = { createdAt: new Date('2026-11-02T10:00:00Z'), lastSeenAt: new Date('2026-11-20T11:59:00Z') }
      const here = Session.fromPartial({ id: '1', network: '192.0.2.1', isCurrent: true, ...times })
      return { sessions: [here, Session.fromPartial({ id: '2', userAgent: otherAgent, ...times })] }
    },
    async endOtherSessions({ sessionToken }) {
      requireSession(sessionToken)
      return { ended: 1 }
    },
    async changePassword({ sessionToken, oldPassword, newPassword }) {
      requireSession(sessionToken)
      requirePassword(oldPassword)
      requireNewPassword('new_password', newPassword)
      ended.add(sessionToken)
      current = newPassword
      return begin()
    },
    async requestPasswordReset({ email }) {
      requireAddress('email', email)
      return {}
    },
    async resetPassword({ token, newPassword }) {
      requireToken(token)
      requireNewPassword('new_password', newPassword)
      current = newPassword
      return begin()
    },
    async requestEmailChange({ sessionToken, newEmail, password }) {
      requireSession(sessionToken)
      requireAddress('new_email', newEmail)
      requirePassword(password)
      return {}
    },
    async changeEmail({ token }) {
      requireToken(token)
      account = { ...account, email: 'countess@books.example' }
      return { account }
    },
    async updateProfile({ sessionToken, name, acceptsOffers }) {
      requireSession(sessionToken)
      if (name?.trim() === '') throw invalidArgument('name', 'must not be empty')
      account = { ...account, name: name ?? account.name, acceptsOffers: acceptsOffers ?? account.acceptsOffers }
      return { account }
    },
    async exportAccount({ sessionToken }) {
      requireSession(sessionToken)
      return { json: JSON.stringify({ name: account.name, email: account.email }) }
    },
    async deleteAccount({ sessionToken, password }) {
      requireSession(sessionToken)
      requirePassword(password)
      ended.add(sessionToken)
      return {}
    },
    ...handlers,
  })
}
