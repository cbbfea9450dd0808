import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProcess } from '@books/runtime/testing'
import { afterEach, expect, it } from '@jest/globals'
import { listWithDatabase } from './generate/names.ts'
import { services } from './services.ts'

let folder: string
afterEach(() => rm(folder, { recursive: true, force: true }))

// The Jobs in Kubernetes run these.
it.each(listWithDatabase(services))('migrates the database of $name, also one that is migrated', async ({ name }) => {
  folder = await mkdtemp(join(tmpdir(), 'books-migrate-'))
  const program = new URL(`../../${name}/src/commands/migrate.ts`, import.meta.url)
  const env = { DATA_DIR: join(folder, 'data'), LOG_FORMAT: 'json' }

  const first = await runProcess(program, env).ended
  const second = await runProcess(program, env).ended

  expect([first.code, second.code]).toEqual([0, 0])
  expect(first.stdout).toContain('"msg":"migration"')
  expect(second.stdout).not.toContain('"msg":"migration"')
  expect(second.stdout).toContain(`the database of ${name} is at its newest step`)
})
