import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InventoryServiceService, loadDescriptors } from '@books/proto'
import { createClient } from '@books/rpc'
import { openDatabase } from '@books/runtime'
import { createServerDatabase, findPostgres, runProcess, silentLog } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { inventory } from '../index.ts'

const header = 'title,author,year,category,price'

let folder: string
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-import-'))
})
afterEach(async () => {
  await opened.disposeAsync()
  await rm(folder, { recursive: true })
})

describe('run import', () => {
  it('adds books to the catalogue, shows its progress, and prints a summary', async () => {
    await writeFile(join(folder, 'books.csv'), `${header}\nNew,Ann Author,2001,Horror,9.99\n${falcon('13.00')}\n`)

    // Relative to where pnpm was called, not to the package's folder.
    const ended = await run({ DATA_DIR: join(folder, 'data'), INIT_CWD: folder }, 'books.csv')

    expect(ended).toEqual({ code: 0, stdout: '1 added, 1 changed, 0 unchanged\n', stderr: 'books saved: 100 %\n' })
  })

  it('ends with code 1 and a line for each problem, and opens no database', async () => {
    const file = join(folder, 'books.csv')
    await writeFile(file, `${header}\n${falcon('much')}\nNew,,2001,Horror,9.99\n`)

    expect(await run({ DATA_DIR: '/dev/null/never' }, file)).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        `${file}:2: price must be a number such as 12.99 in EUR`,
        `${file}:3: author must be 1 to 200 printable characters of UTF-8`,
        '',
      ].join('\n'),
    })
  })

  it('prints its help', async () => {
    const asked = await run({}, '--help')
    const withoutFile = await run({})

    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('run import <books.csv>') })
    expect(withoutFile).toMatchObject({ code: 1, stdout: '', stderr: asked.stdout })
  })

  ;(findPostgres() ? it : it.skip)('reaches the watchers of a running service', async () => {
    const server = await createServerDatabase()
    opened.defer(server.drop)
    const database = await openDatabase({ DATABASE_URL: server.url, DATA_DIR: 'unused' }, silentLog)
    opened.defer(database.close)
    const settings = readServiceSettings(inventory, { PORT: '0' })
    const { port, stop } = await startService(inventory, { settings, database, log: silentLog })
    opened.defer(stop)
    const client = createClient(InventoryServiceService, {
      address: `localhost:${port}`,
      descriptors: loadDescriptors(),
      deadlineMs: 60_000,
    })
    opened.defer(client.close)
    const watching = client.watchBooks({})[Symbol.asyncIterator]()
    const all = await watching.next()

    await writeFile(join(folder, 'books.csv'), `${header}\n${falcon('13.00')}\n`)
    const imported = await run({ DATABASE_URL: server.url }, join(folder, 'books.csv'))
    const changed = await watching.next()
    await watching.return?.()

    expect(all.value).toMatchObject({ isCurrent: true })
    expect(imported).toMatchObject({ code: 0, stdout: '0 added, 1 changed, 0 unchanged\n' })
    expect(changed.value).toMatchObject({ books: [{ id: 1, priceCents: 1300 }], isCurrent: true })
  })
})

function falcon(price: string): string {
  return `The Maltese Falcon,Dashiell Hammett,1930,MYSTERY,${price}`
}

function run(env: Record<string, string>, ...args: string[]) {
  return runProcess(new URL('./import.ts', import.meta.url), env, args).ended
}
