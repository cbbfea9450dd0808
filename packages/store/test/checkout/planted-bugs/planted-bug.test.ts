import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { plant } from './planted-bug.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'books-planted-bug-'))
  mkdirSync(join(workspace, 'packages'))
  writeFileSync(join(workspace, 'packages/stock.ts'), `update('free >= 1')\nselect('x')\nselect('x')\n`)
})
afterEach(() => rmSync(workspace, { recursive: true }))

describe('plant', () => {
  it('replaces a text of a source, and nothing else', () => {
    const replacements = [{ file: 'stock.ts', find: `'free >= 1'`, replace: `'$& true'` }]

    plant({ name: 'blind update', replacements }, workspace)

    expect(readFileSync(join(workspace, 'packages/stock.ts'), 'utf8')).toBe(
      `update('$& true')\nselect('x')\nselect('x')\n`,
    )
  })

  it.each([`'free >= 2'`, `select('x')`])('fails where %j is not there once', (find) => {
    const bug = { name: 'blind update', replacements: [{ file: 'stock.ts', find, replace: '' }] }

    expect(() => plant(bug, workspace)).toThrow(
      `the fault 'blind update' expects this once in packages/stock.ts:\n${find}`,
    )
  })
})
