import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text of a source file, and what it becomes. */
export interface Replacement {
  /** Within `packages`. */
  file: string
  find: string
  replace: string
}

/** A fault that is put into the sources. */
export interface PlantedBug {
  name: string
  replacements: readonly Replacement[]
}

/** Puts a fault into the sources of a workspace. Throws where they are not as the fault expects them; then the fault is to be rewritten. */
export function plant({ name, replacements }: PlantedBug, workspace: string): void {
  for (const { file, find, replace } of replacements) {
    const path = join(workspace, 'packages', file)
    const source = readFileSync(path, 'utf8')
    const [before, after, ...more] = source.split(find)
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`the fault '${name}' expects this once in packages/${file}:\n${find}`)
    writeFileSync(path, before + replace + after)
  }
}
