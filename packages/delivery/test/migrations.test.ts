import { createServerDatabase, findPostgres, runProcess } from '@books/runtime/testing'
import { services } from '@books/store/services'
import { expect, it } from '@jest/globals'
import { listWithDatabase } from '../src/generate/names.ts'

const itOnServer = findPostgres() ? it : it.skip

// The Jobs in Kubernetes run these.
itOnServer.each(listWithDatabase(services))(
  'migrates the database of $name, also one that is migrated',
  async (one) => {
    await using database = await createServerDatabase()
    const program = new URL(`../../${one.name}/src/commands/migrate.ts`, import.meta.url)
    const env = { DATABASE_URL: database.url, LOG_FORMAT: 'json' }

    const first = await runProcess(program, env).ended
    const second = await runProcess(program, env).ended

    expect([first.code, second.code]).toEqual([0, 0])
    expect(first.stdout).toContain('"msg":"migration"')
    expect(second.stdout).not.toContain('"msg":"migration"')
    expect(second.stdout).toContain(`the database of ${one.name} is at its newest step`)
  },
)
