import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nameOf, type Resource } from './resources.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

/**
 * What the types of the Kubernetes API say against resources: fields that they do not know, that are missing, or that hold
 * the wrong thing. Each resource is written down as a literal of its type, and the compiler does the rest.
 */
export function checkTypes(resources: readonly Resource[]): string[] {
  const literals = resources.map(
    (resource, index) =>
      `export const resource${index}: Kinds['${resource.kind}'] = ${JSON.stringify(resource, undefined, 1)} // ${nameOf(resource)}\n`,
  )
  // Beside this file, where the types are found.
  const written = mkdtempSync(join(folder, '.checked-'))
  try {
    writeFileSync(join(written, 'resources.ts'), `import type { Kinds } from '../resources.ts'\n${literals.join('')}`)
    writeFileSync(
      join(written, 'tsconfig.json'),
      JSON.stringify({ extends: '../../../../../tsconfig.base.json', include: ['resources.ts'] }),
    )
    const { stdout } = spawnSync('tsc', ['--project', written, '--pretty', 'false'], { encoding: 'utf8' })
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  } finally {
    rmSync(written, { recursive: true })
  }
}
