import type { OutboxTables } from '@books/runtime/outbox'
import { startOutbox } from '@books/runtime/outbox'
import { openMemoryDatabase, silentLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { createTestMailer } from '../testing/index.ts'
import { receipt } from './mail-content.fixture.ts'
import { enqueueMail, mailHandlers } from './mail-job.ts'

describe('a mail in an outbox', () => {
  it('is sent once after the commit', async () => {
    await using database = await openMemoryDatabase()
    const tables = await database.open<OutboxTables>('shop', new URL('./migrations.fixture/', import.meta.url))
    const mailer = createTestMailer()
    const outbox = startOutbox(tables, { schema: 'shop', handlers: mailHandlers(mailer), log: silentLog, pollMs: 5 })

    const mail = { key: 'receipt/7', to: 'ines@example.com', content: receipt }
    const isNew = await tables.transaction().execute((transaction) => enqueueMail(transaction, mail))
    const sent = await mailer.waitFor('Ines@Example.com')
    const isNewAgain = await enqueueMail(tables, mail)
    await outbox.stop()

    expect([isNew, isNewAgain]).toEqual([true, false])
    expect(sent).toMatchObject({ ...mail, text: expect.stringContaining('Thank you for your order') })
    expect(mailer.sent).toHaveLength(1)
  })
})
