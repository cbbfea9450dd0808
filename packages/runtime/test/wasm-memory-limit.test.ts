import { expect, it } from '@jest/globals'
import { runProcess } from '../testing/index.ts'

const program = new URL('./wasm-memory-limit.fixture.ts', import.meta.url)
const mib = 1024 ** 2

it('lets the embedded database run in a container of 1 GB, and keeps its speed in larger ones', async () => {
  const tight = Number((await run(1024 * mib).ended).stdout)
  const atLeast = Math.ceil(tight / 0.8)
  const roomy = Number((await run(4096 * mib, atLeast).ended).stdout)

  expect(tight).toBeGreaterThan(0)
  expect(roomy).toBeGreaterThanOrEqual(atLeast)
})

function run(...args: number[]) {
  return runProcess(program, {}, args.map(String), { execArgv: [] })
}
