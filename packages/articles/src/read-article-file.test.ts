import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fileOf } from './articles.fixture.ts'
import { readArticleFile } from './read-article-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-articles-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('readArticleFile', () => {
  it('reads the fields, and the Markdown below them', async () => {
    const text = fileOf({ date: '2026-11-20 09:30' }, '## A heading\n\n---\n\nAnd *more*.\n\n')

    expect(await read(text)).toEqual({
      slug: 'on-margins',
      title: 'On margins',
      author: 'Ines Calloway',
      summary: 'Notes on notes.',
      createTime: new Date('2026-11-20T09:30:00Z'),
      content: '## A heading\n\n---\n\nAnd *more*.',
    })
  })

  it.each([
    ['a number', '1984', '1984'],
    ['a word that is a boolean in YAML', 'no', 'no'],
    ['quotes', '"Dune: \\u00e9, again"', 'Dune: é, again'],
    ['single quotes', "'It''s a title'", "It's a title"],
    ['several lines', '>-\n  Of two\n  lines', 'Of two lines'],
    ['lines of their own', '|\n  Of two\n  lines', 'Of two lines'],
    ['a date', '2026-11-20', '2026-11-20'],
    ['a number with an exponent', '1e3', '1e3'],
    ['a number with zeros', '007', '007'],
    ['nothing, in YAML', '~', '~'],
    ['quotes before a comment', '"Short # all of it" # a note', 'Short # all of it'],
    ['200 characters outside of the first plane', '📚'.repeat(200), '📚'.repeat(200)],
    ['two lines around comments', 'Short\n# a note', 'Short'],
  ])('reads a title in the form of %s', async (_form, title, expected) => {
    expect(await read(fileOf({ title }))).toMatchObject({ title: expected })
  })

  it('reads a byte order mark, and lines that end in CRLF', async () => {
    const text = `\uFEFF${fileOf({}, 'One.\n\nTwo.\n')}`.replaceAll('\n', '\r\n')

    expect(await read(text)).toMatchObject({ title: 'On margins', content: 'One.\n\nTwo.' })
  })

  it('keeps the indentation that makes the first lines code', async () => {
    expect(await read(fileOf({}, '\n  \n    10 PRINT\n'))).toMatchObject({ content: '    10 PRINT' })
  })

  it('leaves the time undefined without a date', async () => {
    expect(await read(fileOf())).toMatchObject({ createTime: undefined })
  })

  it.each([
    ['an empty file', '', 1, 'an article begins with front matter, whose first line is "---"'],
    ['no front matter', '# A title\n\nText.\n', 1, 'an article begins with front matter'],
    ['an empty line before it', `\n${fileOf()}`, 1, 'an article begins with front matter'],
    ['no end of it', '---\ntitle: A\n\nText.\n', 1, 'the front matter has no end: there is no second line "---"'],
    ['only a line', '---', 1, 'the front matter has no end'],
    ['nothing in it', '---\n---\nText.\n', 2, 'title is missing'],
    ['text in it', '---\n\nText.\n---\nText.\n', 3, 'the front matter must be lines such as "title: Why we reread"'],
    ['a list in it', '---\n- a\n---\nText.\n', 2, 'the front matter must be lines such as'],
    ['a colon without quotes', fileOf({ author: 'Reyl: a critic' }), 3, 'a value with ": " in it must be in quotes'],
    [
      'a # without quotes',
      fileOf({ title: 'C # and F #' }),
      2,
      'title must be in quotes, as YAML leaves out what follows',
    ],
    [
      'a # below a title',
      fileOf({ title: 'The key\n  # of C' }),
      2,
      'title must be in quotes, as YAML leaves out what',
    ],
    [
      'only a # without quotes',
      fileOf({ author: '#1' }),
      3,
      'author must be in quotes, as YAML leaves out what follows',
    ],
    [
      'an anchor',
      fileOf({ author: '&co Company' }),
      3,
      'author must be in quotes, as YAML leaves out a word that begins',
    ],
    [
      'a tag that says text',
      fileOf({ title: '!!str Oh' }),
      2,
      'title must be in quotes, as YAML leaves out a word that begins',
    ],
    [
      'a bare tag',
      fileOf({ title: '! Oh' }),
      2,
      'title must be in quotes, as YAML leaves out a word that begins with "!"',
    ],
    [
      'an anchor of a name',
      fileOf({ '&a date': '2026-11-20' }),
      5,
      'date must be in quotes, as YAML leaves out a word',
    ],
    ['quotes that do not close', fileOf({ summary: '"Oh' }), 5, 'Missing closing "quote'],
    ['a tab for an indent', fileOf({ summary: '\n\tOh' }), 5, 'Tabs are not allowed as indentation'],
    ['an alias of nothing', fileOf({ author: '*them' }), 3, 'author must be text'],
    ['a tag that says binary', fileOf({ author: '!!binary aGk=' }), 3, 'author must be in quotes'],
    ['a tag that says nothing', fileOf({ author: '!who Reyl' }), 3, 'Unresolved tag: !who'],
    ['a field twice', fileOf({ author: 'A\nauthor: B' }), 4, 'Map keys must be unique'],
    ['lists within lists', fileOf({ title: '['.repeat(30_000) }), 2, 'Maximum call stack size exceeded'],
    ['an unknown field', fileOf({ tags: 'a' }), 5, 'unknown field tags; there are title, author, summary, date'],
    ['a field of another case', fileOf({ Title: 'a' }), 5, 'unknown field Title'],
    ['a field without a name of text', fileOf({ '? [a]\n': 'b' }), 5, 'the name of a field must be text'],
    ['a list for a text', fileOf({ author: '[A, B]' }), 3, 'author must be text'],
    ['fields for a text', fileOf({ summary: '\n  short: a\n' }), 4, 'summary must be text'],
    ['no title', fileOf({ title: undefined }), 4, 'title is missing'],
    ['no author', fileOf({ author: undefined }), 4, 'author is missing'],
    ['no summary', fileOf({ summary: undefined }), 4, 'summary is missing'],
    ['an empty title', fileOf({ title: '' }), 2, 'title is empty'],
    ['a blank author', fileOf({ author: '"  "' }), 3, 'author is empty'],
    ['a title that is not seen', fileOf({ title: '"\\u200b\\ufeff"' }), 2, 'title is empty'],
    ['an empty summary', fileOf({ summary: '>\n' }), 4, 'summary is empty'],
    ['a title too long', fileOf({ title: 'x'.repeat(201) }), 2, 'title must have at most 200 characters'],
    ['an author too long', fileOf({ author: 'x'.repeat(101) }), 3, 'author must have at most 100 characters'],
    ['a summary too long', fileOf({ summary: 'x'.repeat(501) }), 4, 'summary must have at most 500 characters'],
    ['a control character', fileOf({ title: '"a\\0b"' }), 2, 'title must be text'],
    ['half a character', fileOf({ title: '"\\uD800"' }), 2, 'title must be text'],
    ['a date that does not exist', fileOf({ date: '2026-02-30' }), 5, 'date must be a date, such as 2026-11-20 or'],
    ['an empty date', fileOf({ date: '' }), 5, 'date must be a date'],
    ['no body', fileOf({}, ''), 5, 'there is no text after the front matter'],
    ['a blank body', fileOf({}, '  \n\t\n'), 5, 'there is no text after the front matter'],
    ['a control character in the body', fileOf({}, 'One.\nT\0wo.\n'), 8, 'has a control character'],
    ['bytes that are not UTF-8', Buffer.from(fileOf({}, 'One.\nTwo: \xE9.\nThree.\n'), 'latin1'), 8, 'is not UTF-8'],
    ['a truncated UTF-8 sequence', Buffer.from('---\n\xC3', 'latin1'), 2, 'is not UTF-8'],
  ])('names the line of %s', async (_what, content, line, problem) => {
    await expect(read(content)).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringContaining(`${join(folder, 'on-margins.md')}:${line}: ${problem}`),
    })
  })

  it.each(['On-Margins.md', 'on margins.md', 'on_margins.md', '-margins.md', 'on--margins.md', 'margins.txt', '.md'])(
    'refuses a file named %s',
    async (name) => {
      await expect(readArticleFile(join(folder, name))).rejects.toMatchObject({
        name: 'StartError',
        message: `${join(folder, name)}: the name must be lower-case letters, digits and hyphens, such as why-we-reread.md`,
      })
    },
  )

  it('refuses a name of more than a hundred characters', async () => {
    await expect(readArticleFile(`${'x'.repeat(101)}.md`)).rejects.toThrow('must have at most 100 characters')
  })

  it('reads 40,000 bytes and no more', async () => {
    const text = fileOf({}, 'x'.repeat(40_000 - Buffer.byteLength(fileOf({}, ''))))

    await expect(read(text)).resolves.toMatchObject({ title: 'On margins' })
    await expect(read(`${text}x`)).rejects.toThrow('on-margins.md: must have at most 40000 bytes, not 40001')
  })

  it('names what it cannot read', async () => {
    await expect(readArticleFile(join(folder, 'none.md'))).rejects.toThrow('none.md: there is no such file')
    await expect(readArticleFile('/dev/null/x.md')).rejects.toThrow('/dev/null/x.md: cannot be read (ENOTDIR)')
  })
})

async function read(content: string | Buffer) {
  const file = join(folder, 'on-margins.md')
  await writeFile(file, content)
  return readArticleFile(file)
}
