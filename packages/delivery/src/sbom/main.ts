import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { normaliseSbom } from './normalise-sbom.ts'

const help = `Makes the bills of materials in a folder reproducible, in place.

  sbom <folder>`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: [folder, ...others] }) {
    if (folder === undefined || others.length > 0) throw new StartError(help)
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const file = join(folder, name)
      const sbom = normaliseSbom(JSON.parse(readFileSync(file, 'utf8')))
      writeFileSync(file, `${JSON.stringify(sbom, undefined, 2)}\n`)
      console.log(`${file}: ${sbom.components.length} components`)
    }
  },
})
