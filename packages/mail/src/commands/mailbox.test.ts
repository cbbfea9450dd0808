import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProcess, silentLog } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { receipt } from '../mail-content.fixture.ts'
import { createMailer } from '../mailer.ts'

let DATA_DIR: string
beforeAll(async () => {
  DATA_DIR = await mkdtemp(join(tmpdir(), 'books-mailbox-command-'))
  const mailer = createMailer({ DATA_DIR, PUBLIC_URL: 'http://localhost:5000' }, silentLog)
  for (const to of ['ines@example.com', 'tomas@example.com']) await mailer.send({ key: to, to, content: receipt })
})
afterAll(() => rm(DATA_DIR, { recursive: true }))

describe('the command mailbox', () => {
  it('lists the newest mail first, and prints one', async () => {
    const [listed, printed, html] = await Promise.all([run(), run('2'), run('1', '--html')])

    expect(listed.stdout).toMatch(
      /^ 1 {2}\S+Z {2}tomas@example\.com {2}Your order at Books\n 2 {2}\S+Z {2}ines@example\.com {2}Your order at Books\n$/,
    )
    expect(printed.stdout).toMatch(/^To: ines@example\.com\nSubject: Your order at Books\n\nThank you for your order\n/)
    expect(html.stdout).toContain('<h1')
  })

  it.each([
    [['3'], 'there is no mail 3 in '],
    [['ines'], 'there is no mail ines in '],
    [['1', '2'], 'mailbox <number>'],
    [['--delete'], "Unknown option '--delete'"],
  ])('reports %j in one line', async (args, problem) => {
    const { code, stderr } = await run(...args)

    expect(code).toBe(1)
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })

  it('says that there is none', async () => {
    expect((await run('--folder', '/nowhere')).stdout).toBe('there is no mail in /nowhere\n')
    expect((await run('--help')).stdout).toContain('mailbox <number>')
  })
})

function run(...args: string[]) {
  return runProcess(new URL('./mailbox.ts', import.meta.url), { DATA_DIR }, args).ended
}
