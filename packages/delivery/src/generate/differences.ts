import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { generatedFolders, root } from './files.ts'

/** A file that is not as the list of services wants it. */
export interface Difference {
  path: string
  problem: 'is missing' | 'differs' | 'is not generated any more'
  /** What it should hold; undefined where it should not be there. */
  text?: string
}

/** Compares generated files, by their paths, with those in the repository. */
export function findDifferences(files: ReadonlyMap<string, string>): Difference[] {
  const wanted = [...files].flatMap(([path, text]): Difference[] => {
    const url = new URL(path, root)
    if (!existsSync(url)) return [{ path, problem: 'is missing', text }]
    return readFileSync(url, 'utf8') === text ? [] : [{ path, problem: 'differs', text }]
  })
  const stale = generatedFolders
    .filter((folder) => existsSync(new URL(folder, root)))
    .flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}${name}`))
    .filter((path) => !files.has(path))
    .map((path): Difference => ({ path, problem: 'is not generated any more' }))
  return [...wanted, ...stale]
}
