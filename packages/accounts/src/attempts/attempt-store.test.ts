import { Status } from '@books/rpc'
import { openTables } from '@books/service'
import { describe, expect, it } from '@jest/globals'
import { engines } from '../accounts.fixture.ts'
import { accounts } from '../service.ts'
import { accountLimit, networkLimit } from './attempt-limit.ts'
import { type Attempt, createAttemptStore } from './attempt-store.ts'

const office: Attempt = { kind: 'network', subject: ['192.0.2.7'], limit: networkLimit }
const guessed: Attempt = { kind: 'account', subject: ['ada@example.org'], limit: accountLimit }
const noon = Date.UTC(2026, 10, 28, 12)

describe.each(engines)('attempts on a database that is %s', (_engine, open) => {
  it('are not refused for a clock that is behind that of an earlier attempt', async () => {
    await using database = await open()
    const attempts = createAttemptStore(await openTables(accounts, database))

    for (const ms of [20, 0, 10]) {
      await expect(attempts.begin(office, new Date(noon + ms))).resolves.toBeUndefined()
    }
  })

  it('are refused until the pause is over, by every clock', async () => {
    await using database = await open()
    const attempts = createAttemptStore(await openTables(accounts, database))
    for (let count = 0; count <= accountLimit.free; count++) await attempts.begin(guessed, new Date(noon))

    for (const ms of [-1_000, 0, 999]) {
      const refused = attempts.begin(guessed, new Date(noon + ms))
      await expect(refused).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    }
    await attempts.begin(guessed, new Date(noon + 1_000))
  })
})
