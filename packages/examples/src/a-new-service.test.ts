import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/a-new-service.md'), 'utf8')
const files = ['protobufs/echo.proto', ...globSync('packages/examples/src/echo/*', { cwd: root })]

it.each(files)('The page about a new service shows %s as it is', (file) => {
  const content = readFileSync(join(root, file), 'utf8')

  expect(page).toContain(`\`${file}\``)
  expect(page).toContain(`\n${content}\`\`\`\n`)
})
