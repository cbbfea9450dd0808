import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createMailbox } from './mailbox.ts'

const message = (subject: string) => Buffer.from(`To: ines@example.com\r\nSubject: ${subject}\r\n\r\nHello\r\n`)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-mailbox-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the local mailbox', () => {
  it('lists the newest mail first, and finds each by its name', async () => {
    const mailbox = createMailbox(join(folder, 'new'), { now: clock() })
    expect(await mailbox.list(10)).toEqual([])

    for (const subject of ['first', 'second', 'third']) await mailbox.add(`receipt/${subject}`, message(subject))

    const listed = await mailbox.list(2)
    expect(listed.map(({ subject }) => subject)).toEqual(['third', 'second'])
    expect(listed[0]?.name).toMatch(/^20261128T000003000Z-[0-9a-f]{12}$/)
    expect(await mailbox.find(listed[1]?.name ?? '')).toEqual(listed[1])
  })

  it('keeps as many as it may, and leaves other files alone', async () => {
    await writeFile(join(folder, 'notes.eml'), 'mine')
    const mailbox = createMailbox(folder, { now: clock(), kept: 3 })

    for (let index = 0; index < 5; index++) await mailbox.add(`receipt/${index}`, message(`number ${index}`))

    expect((await mailbox.list(10)).map(({ subject }) => subject)).toEqual(['number 4', 'number 3', 'number 2'])
    expect(await readdir(folder)).toHaveLength(4)
  })

  it.each(['notes', '../secret', '20261128T000003000Z-0123456789ab/../notes', ''])(
    'finds nothing by the name %j',
    async (name) => {
      await writeFile(join(folder, 'notes.eml'), 'mine')

      expect(await createMailbox(folder).find(name)).toBeUndefined()
    },
  )
})

/** A clock that goes on by a second each time it is read. */
function clock(): () => Date {
  let seconds = 0
  return () => new Date(Date.UTC(2026, 10, 28, 0, 0, ++seconds))
}
