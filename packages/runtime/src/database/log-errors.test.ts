import { expect, it } from '@jest/globals'
import { createServerDatabase, findPostgres, runProcess } from '../../testing/index.ts'

const program = new URL('./log-errors.fixture.ts', import.meta.url)

it.each(['embedded', ...(findPostgres() ? ['server'] : [])])(
  'the errors of statements are logged without values (%s)',
  async (engine) => {
    await using server = engine === 'server' ? await createServerDatabase() : undefined

    const { code, stdout, stderr } = await runProcess(program, server && { DATABASE_URL: server.url }).ended

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).not.toMatch(/hunter2|did not fail/)
    expect(stdout.match(/failed: /g)).toHaveLength(9)
    expect(stdout).toContain('invalid input syntax for type integer')
    expect(stdout).toContain('"constraint":"notes_text_key"')
  },
)
