import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runCommand } from '@books/runtime/commands'
import { dashboardFiles, dashboardFolder } from './dashboards.ts'

await runCommand({
  help: 'Draws the dashboards anew, for Grafana to read.',
  options: {},
  async run() {
    for (const [name, text] of dashboardFiles) {
      const file = fileURLToPath(new URL(name, dashboardFolder))
      writeFileSync(file, text)
      console.log(file)
    }
  },
})
