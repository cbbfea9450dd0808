import { describe, expect, it } from '@jest/globals'
import { createTestMailer } from './index.ts'

const content = { subject: 'Hello', title: 'Hello', paragraphs: [] }

describe('a mailer of a test', () => {
  it('waits for the mail to an address, and gives each once', async () => {
    const mailer = createTestMailer()

    const [first, second] = [mailer.waitFor('ines@example.com'), mailer.waitFor('ines@example.com')]
    for (const [key, to] of [
      ['1', 'tomas@example.com'],
      ['2', 'Ines@example.com'],
      ['3', 'ines@example.com'],
    ] as const) {
      await mailer.send({ key, to, content })
    }

    expect([(await first).key, (await second).key]).toEqual(['2', '3'])
    expect((await mailer.waitFor('tomas@example.com')).text).toContain('Hello')
  })
})
