import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runProcess } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')
const withinMs = 15 * 60_000

// Names with a hyphen have the most spellings.
describe.each([
  ['a plain service', 'gift-cards', []],
  ['a service with a database', 'loyalty', ['DATABASE=1']],
])('make service, for %s', (_kind, name, options) => {
  let copy: string
  beforeAll(() => {
    copy = copyRepository()
    make('service', `NAME=${name}`, ...options)
    git('add', '--all')
  }, withinMs)
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it(
    'passes the checks and its own tests before a line is edited',
    () => {
      make('gen', 'check', 'deployment')

      expect(git('diff', '--stat')).toBe('')
      expect(run('npx', '--yes', 'pnpm@12.21.0', '--filter', `@books/${name}`, 'test')).toContain('passed')
    },
    withinMs,
  )

  it('starts, and is part of the deployment', async () => {
    const program = pathToFileURL(join(copy, 'packages', name, 'src/main.ts'))
    const { child, prints, ended } = runProcess(program, { HOST: '127.0.0.1', PORT: '0', DATA_DIR: 'memory://' })

    await prints(new RegExp(`${name} answers`))
    child.kill('SIGTERM')

    expect(await ended).toMatchObject({ code: 0, stderr: '' })
    expect(git('grep', '--name-only', '--fixed-strings', `books/${name}`, '--', 'docker', 'kubernetes')).toMatch(
      /docker\/compose.yaml[\s\S]*kubernetes\/base/,
    )
  })

  it.each([
    [name, /packages\/.* exists already; choose another NAME|protobufs\/.* exists already/],
    ['Gift Cards', /NAME must be small letters/],
    ['public', /NAME must not be "public"/],
    ['', /make service NAME=gift-cards/],
  ])('refuses the name %j in one line, and writes nothing', (refused, reason) => {
    const { status, stderr } = spawnSync('make', ['service', `NAME=${refused}`], { cwd: copy, encoding: 'utf8' })

    expect(status).not.toBe(0)
    expect(stderr).toMatch(reason)
    expect(stderr).not.toContain('    at ')
    expect(git('diff', '--stat')).toBe('')
  })

  /** What git knows and what is not committed yet, as a repository of its own, in a folder whose name means something to a shell. */
  function copyRepository(): string {
    const folder = mkdtempSync(join(tmpdir(), `it's a "scaffold" (1) `))
    const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
    for (const file of execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)) {
      cpSync(join(root, file), join(folder, file), { recursive: true })
    }
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org']
    execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder })
    execFileSync('git', ['add', '--all'], { cwd: folder })
    execFileSync('git', [...identity, 'commit', '--quiet', '--message', 'a copy'], { cwd: folder })
    return folder
  }

  function make(...args: string[]): string {
    return run('make', ...args)
  }

  function git(...args: string[]): string {
    return run('git', ...args)
  }

  function run(program: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
    return stdout + stderr
  }
})
