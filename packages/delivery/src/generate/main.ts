import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { services } from '@books/store/services'
import { findDifferences } from './differences.ts'
import { generateFiles, root } from './files.ts'

const help = `Writes every file that follows from the list of services: Compose, Kubernetes, Prometheus and dashboards.

  generate           writes them
  generate --check   names those that differ, and exits with 1 if there are any`

await runCommand({
  help,
  options: { check: { type: 'boolean' } },
  async run({ values: { check = false } }) {
    const differences = findDifferences(generateFiles(services))
    if (check && differences.length > 0) {
      const listed = differences.map(({ path, problem }) => `  ${path} ${problem}`).join('\n')
      throw new StartError(
        `these files differ from the list of services:\n${listed}\nRun \`make deployment\` to write them.`,
      )
    }
    for (const { path, text } of differences) {
      const url = new URL(path, root)
      if (text === undefined) rmSync(url)
      else {
        mkdirSync(new URL('.', url), { recursive: true })
        writeFileSync(url, text)
      }
      console.log(`${text === undefined ? 'removed' : 'wrote'} ${path}`)
    }
  },
})
