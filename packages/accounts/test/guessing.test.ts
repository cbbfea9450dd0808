import { Status } from '@books/rpc'
import { expect, it } from '@jest/globals'
import { password, serveAccounts } from '../src/accounts.fixture.ts'

it('lets the owner of an account sign in while its password is guessed 1,000 times from as many networks', async () => {
  await using accounts = await serveAccounts()
  const { client } = accounts
  const email = 'ada@example.org'
  const origin = { network: '198.51.100.1', userAgent: '' }
  await accounts.signUp(email)
  await client.signIn({ email, password, origin })

  const codes: unknown[] = []
  for (let guess = 0; guess < 1_000; guess++) {
    const from = { network: `10.0.${guess >> 8}.${guess & 255}`, userAgent: '' }
    codes.push(await client.signIn({ email, password: 'not the password', origin: from }).catch(({ code }) => code))
    // A minute for all of them.
    accounts.pass(60)
  }

  const guessed = codes.filter((code) => code === Status.UNAUTHENTICATED).length
  expect(guessed).toBeLessThan(40)
  expect(codes.filter((code) => code === Status.RESOURCE_EXHAUSTED).length).toBe(1_000 - guessed)
  await client.signIn({ email, password, origin })
})
