import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const copied = [
  ...['buf.yaml', 'buf.gen.yaml', 'protobufs', 'packages/proto/check', 'packages/proto/generate'],
  ...['packages/proto/src/gen', 'packages/rpc/buf.gen.yaml', 'packages/rpc/protobufs', 'packages/rpc/src/gen'],
  ...['packages/rpc/test/buf.gen.yaml', 'packages/rpc/test/gen', 'packages/rpc/test/interop/protobufs'],
  'packages/rpc/test/fuzz/protobufs',
]
const nothingToCompare = 'There are no earlier contracts to hold these against: breaking changes were not looked for.\n'

let copy: string
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), `it's a "copy" (1) `))
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true })
})
afterEach(() => rmSync(copy, { recursive: true, force: true }))

describe('the check of the contracts', () => {
  it('passes without a history, as in a downloaded archive, and says what it could not look for', () => {
    expect(check()).toEqual({ status: 0, stdout: nothingToCompare, stderr: '' })
  })

  it('passes in a clone of another branch than main alone', () => {
    commit('feature')

    expect(check()).toEqual({ status: 0, stdout: nothingToCompare, stderr: '' })
  })

  it('finds a breaking change against main', () => {
    commit('main')
    const contract = join(copy, 'protobufs/recommendations.proto')
    writeFileSync(contract, readFileSync(contract, 'utf8').replace('max_results = 3;', 'max_results = 40;'))

    expect(check()).toMatchObject({ status: 100, stdout: expect.stringContaining('with name "max_results"') })
  })
})

function commit(branch: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: copy })
  git('init', '--quiet', `--initial-branch=${branch}`)
  git('add', '--all', '--force')
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'contracts')
}

function check() {
  // Git would look for a history in the folders above, too.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() }
  const { status, stdout, stderr } = spawnSync('sh', ['packages/proto/check'], { cwd: copy, env, encoding: 'utf8' })
  return { status, stdout, stderr }
}
