import { describe, expect, it } from '@jest/globals'
import { hashPassword, isPasswordOf, isWeaker } from './password-hash.ts'

const cheap = { memory: 64, passes: 1, parallelism: 1 }

describe('a password hash', () => {
  it('is of the password that it was made from, and of no other', async () => {
    const phc = await hashPassword('correct horse battery staple', cheap)

    expect(phc).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await isPasswordOf(phc, 'correct horse battery staple')).toBe(true)
    expect(await isPasswordOf(phc, 'correct horse battery stapler')).toBe(false)
  })

  it('is another one each time', async () => {
    expect(await hashPassword('correct horse battery staple', cheap)).not.toBe(
      await hashPassword('correct horse battery staple', cheap),
    )
  })

  it('is what the reference implementation makes (a test vector of phc-winner-argon2)', async () => {
    const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

    expect(await isPasswordOf(phc, 'password')).toBe(true)
  })

  it('is weaker than one of more work', async () => {
    const phc = await hashPassword('correct horse battery staple', cheap)

    expect(isWeaker(phc, cheap)).toBe(false)
    expect(isWeaker(phc, { ...cheap, passes: 2 })).toBe(true)
    expect(isWeaker(phc, { ...cheap, memory: 128 })).toBe(true)
  })
})
