import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StartError } from '@books/runtime'
import { listService } from './list-service.ts'
import { namesOf } from './names.ts'
import { serviceFiles } from './service-files.ts'

/** What a new service is made from. */
export interface ScaffoldOptions {
  /** The folder of the repository. */
  root: string
  name: string
  port: number
  /** Whether it has a database. */
  hasDatabase: boolean
}

/**
 * Writes a new service: its contract, its package, and its line in the list of services. Resolves to the paths of the files, the
 * contract first. Throws a `StartError` before it writes anything if the name is taken or is none.
 */
export async function scaffold({ root, name, port, hasDatabase }: ScaffoldOptions): Promise<string[]> {
  const names = namesOf(name)
  const contract = `protobufs/${names.snake}.proto`
  const folder = `packages/${names.kebab}`
  for (const path of [contract, folder]) {
    if (existsSync(join(root, path))) throw new StartError(`${path} exists already; choose another NAME`)
  }

  const files = serviceFiles(names, { port, hasDatabase })
  for (const [path, content] of files) await write(join(root, path), content)

  const list = 'packages/store/src/services.ts'
  await write(join(root, list), listService(await readFile(join(root, list), 'utf8'), names))
  const manifest = 'packages/store/package.json'
  await write(
    join(root, manifest),
    withDependency(await readFile(join(root, manifest), 'utf8'), `@books/${names.kebab}`),
  )
  return [...files.keys(), list, manifest]
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

function withDependency(json: string, name: string): string {
  const manifest = JSON.parse(json)
  const dependencies = Object.entries({ ...manifest.dependencies, [name]: 'workspace:*' }).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  )
  return `${JSON.stringify({ ...manifest, dependencies: Object.fromEntries(dependencies) }, undefined, 2)}\n`
}
