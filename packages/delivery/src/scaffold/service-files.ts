import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Names } from './names.ts'

const templates = fileURLToPath(new URL('../../template/', import.meta.url))

/** The contract and the package of a new service, by their paths in the repository, the contract first. */
export function serviceFiles(
  { kebab, snake, camel, pascal, upper }: Names,
  { port, hasDatabase }: { port: number; hasDatabase: boolean },
): Map<string, string> {
  const words = { kebab, snake, camel, Pascal: pascal, UPPER: upper, port: String(port) }
  const fill = (text: string) =>
    Object.entries(words).reduce((filled, [name, word]) => filled.replaceAll(`__${name}__`, word), text)

  const files = new Map<string, string>()
  // What a service with a database has in place of the plain one's files, or besides.
  for (const template of hasDatabase ? ['base', 'database'] : ['base']) {
    const folder = join(templates, template)
    const paths = globSync('**/*.template', { cwd: folder }).toSorted((one, other) => order(one) - order(other))
    for (const path of paths) {
      files.set(fill(path.replace(/\.template$/, '')), fill(readFileSync(join(folder, path), 'utf8')))
    }
  }
  return files
}

function order(path: string): number {
  return path.startsWith('protobufs') ? 0 : 1
}
