import { Status } from '@books/rpc'
import { describe, expect, it } from '@jest/globals'
import { hashPassword } from './password-hash.ts'
import { createPasswordHasher } from './password-hasher.ts'

const cheap = { memory: 64, passes: 1, parallelism: 1 }
const { signal } = new AbortController()

describe('the password hasher', () => {
  it('makes a new hash where the stored one was made with less work', async () => {
    const stored = await hashPassword('correct horse battery', cheap)
    const hasher = await createPasswordHasher({ ...cheap, passes: 2 })

    const { isRight, rehashed = '' } = await hasher.verify(stored, 'correct horse battery', signal)

    expect(isRight).toBe(true)
    expect(rehashed).toContain('m=64,t=2,p=1')
    expect(await hasher.verify(rehashed, 'correct horse battery', signal)).toEqual({ isRight: true })
    expect(await hasher.verify(stored, 'incorrect horse battery', signal)).toEqual({ isRight: false })
  })

  it('does not accept any password where there is none', async () => {
    const hasher = await createPasswordHasher(cheap)

    expect(await hasher.verify(undefined, 'correct horse battery', signal)).toEqual({ isRight: false })
  })

  it('refuses what it could not begin within seconds, and works on', async () => {
    const hasher = await createPasswordHasher(cheap)

    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => hasher.hash(`password number ${index}`, signal)),
    )

    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(200 - 64 - 2)
    expect(refused[0]).toMatchObject({ reason: { code: Status.RESOURCE_EXHAUSTED } })
    await expect(hasher.hash('one more password', signal)).resolves.toContain('$argon2id$')
  })

  it('does not begin work for a caller that is gone', async () => {
    const hasher = await createPasswordHasher(cheap)
    const gone = new AbortController()
    const busy = Array.from({ length: 8 }, () => hasher.hash('a password that takes time', signal))

    const waiting = hasher.hash('a password of someone else', gone.signal)
    gone.abort(new Error('gone'))

    await expect(waiting).rejects.toThrow('gone')
    await Promise.all(busy)
  })
})
