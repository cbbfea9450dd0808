import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'

const command = fileURLToPath(new URL('./bench-start.ts', import.meta.url))
const sizes = ['--readers', '100', '--books', '60', '--opinions', '2000', '--rounds', '1']

describe('bench-start', () => {
  it('starts the default store and a made-up one', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [command, ...sizes])

    expect(stdout).toMatch(/first answer ms +CPU ms +peak MB +memory MB +answer ms\n(default|made up)( +\d[\d.]*){5}\n/)
    expect(stdout).toMatch(/^made up( +\d[\d.]*){5}$/m)
  })
})
