import { cpSync, symlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const left = /(^|\/)(\.data|artefacts|certs|test|bench|\.git)$/

/** A copy of a workspace whose sources may be changed; installed packages are those of the original. */
export async function copyWorkspace(workspace: string): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'books-planted-'))
  // Links of packages to each other are relative, and lead to the copies.
  cpSync(join(workspace, 'packages'), join(path, 'packages'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !left.test(source),
  })
  symlinkSync(join(workspace, 'node_modules'), join(path, 'node_modules'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
