import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ArticleServiceService, loadDescriptors } from '@books/proto'
import { createClient } from '@books/rpc'
import { StartError } from '@books/runtime'
import { runProcess } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fileOf } from '../articles.fixture.ts'
import { readFirstArticles } from '../first-articles.ts'
import { readDrafts } from '../read-drafts.ts'

let folder: string
let DATA_DIR: string
/** The first id that is free. */
let next: number
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-publish-'))
  DATA_DIR = join(folder, 'data')
  next = (await readFirstArticles()).length + 1
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('publish', () => {
  it('adds and updates articles, which the service then answers', async () => {
    const first = await write('on-margins.md', fileOf({ date: '2026-02-03 04:05' }, 'First.\n'))
    expect(await run({ DATA_DIR }, first)).toEqual({
      code: 0,
      stdout: `added "On margins" as article ${next}\n`,
      stderr: '',
    })

    await write('on-margins.md', fileOf({ title: 'On all margins' }, 'Second.\n'))
    await write('on-spines.md', fileOf({ title: 'On spines', date: '2026-02-03 04:06' }))
    // Files are relative to where pnpm was called.
    expect(await run({ DATA_DIR, INIT_CWD: folder }, 'on-margins.md', 'on-spines.md')).toEqual({
      code: 0,
      stdout: `updated "On all margins", article ${next}\nadded "On spines" as article ${next + 1}\n`,
      stderr: '',
    })

    const { articles, refused } = await askService([next, next + 1], first)
    expect(articles).toMatchObject([
      { id: next, title: 'On all margins', content: 'Second.', createTime: '2026-02-03 04:05:00' },
      { id: next + 1, title: 'On spines', content: 'A first line.', createTime: '2026-02-03 04:06:00' },
    ])
    // No other process can open the folder while the service uses it.
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`data folder ${DATA_DIR};`) })
  })

  it('publishes nothing where one of several files is wrong', async () => {
    const good = await write('on-indexes.md', fileOf({ title: 'On indexes' }))
    const bad = await write('on-nothing.md', fileOf({}, ''))
    const untouched = join(folder, 'untouched')

    const ended = await run({ DATA_DIR: untouched }, good, bad)

    expect(ended).toEqual({ code: 1, stdout: '', stderr: `${bad}:5: there is no text after the front matter\n` })
    expect(existsSync(untouched)).toBe(false)
  })

  it.each([
    ['no front matter', '# On margins\n', ':1: an article begins with front matter, whose first line is "---"'],
    ['no end of it', '---\ntitle: A\n', ':1: the front matter has no end: there is no second line "---"'],
    ['no YAML', fileOf({ summary: '"Oh' }), ':5: Missing closing "quote'],
    ['an unknown field', fileOf({ tag: 'a' }), ':5: unknown field tag; there are title, author, summary, date'],
    ['a field of the wrong type', fileOf({ author: '[A, B]' }), ':3: author must be text'],
    ['a missing field', fileOf({ summary: undefined }), ':4: summary is missing'],
    ['an empty field', fileOf({ title: '' }), ':2: title is empty'],
    ['a field too long', fileOf({ title: 'x'.repeat(201) }), ':2: title must have at most 200 characters'],
    [
      'a date that does not exist',
      fileOf({ date: '2026-02-30' }),
      ':5: date must be a date, such as 2026-11-20 or 2026-11-20 09:30',
    ],
    ['no body', fileOf({}, '\n'), ':5: there is no text after the front matter'],
    ['no UTF-8', Buffer.from(fileOf({}, 'Caf\xE9\n'), 'latin1'), ':7: is not UTF-8'],
    ['too many bytes', 'x'.repeat(40_001), ': must have at most 40000 bytes, not 40001'],
  ])('reports %s in one line', async (_what, content, problem) => {
    const file = await write('wrong.md', content)

    await expect(readDrafts([file])).rejects.toThrow(new StartError(`${file}${problem}`))
  })

  it.each([
    ['a missing file', ['none.md'], 'none.md: there is no such file'],
    ['an invalid name', ['On Margins.md'], 'On Margins.md: the name must be lower-case letters, digits and hyphens,'],
    ['two files of one name', ['twice.md', 'other/../twice.md'], 'twice.md: another file has the same name'],
  ])('reports %s', async (_what, files, problem) => {
    await write('twice.md', fileOf())

    await expect(readDrafts(files.map((file) => resolve(folder, file)))).rejects.toThrow(problem)
  })

  it.each([
    ['a wrong option', ['--draft'], "Unknown option '--draft'"],
    ['no file', [], 'run publish <file.md>...'],
  ])('reports %s', async (_what, args, problem) => {
    const { code, stdout, stderr } = await run({ DATA_DIR, INIT_CWD: folder }, ...args)

    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })

  it('prints its help', async () => {
    const { code, stdout, stderr } = await run({}, '--help')

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('run publish <file.md>...')
  })
})

async function write(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

function run(env: Record<string, string>, ...args: string[]) {
  return runProcess(new URL('./publish.ts', import.meta.url), env, args).ended
}

/** Starts the service on the folder, calls it, and tries to publish a file meanwhile. */
async function askService(ids: readonly number[], file: string) {
  const { child, prints, ended } = runProcess(new URL('../main.ts', import.meta.url), { DATA_DIR, PORT: '0' })
  const [, port] = await prints(/"port":(\d+)/)
  const client = createClient(ArticleServiceService, { address: `localhost:${port}`, descriptors: loadDescriptors() })
  try {
    const details = await Promise.all(ids.map((pk) => client.articleDetail({ pk })))
    return { articles: details.map(({ article }) => article), refused: await run({ DATA_DIR }, file) }
  } finally {
    client.close()
    child.kill()
    await ended
  }
}
