import { expect, it } from '@jest/globals'
import { runProcess } from '../testing/index.ts'

const program = new URL('./wasm-memory-limit.fixture.ts', import.meta.url)
const mib = 1024 ** 2

it('lets the embedded database run in a container of 1 GB, and start with as little in a larger one, which optimizes it later', async () => {
  const tight = Number((await run(1024 * mib).ended).stdout)
  const optimized = Math.ceil(tight / 0.8)
  const { code, stdout } = await run(4096 * mib, optimized).ended

  expect(tight).toBeGreaterThan(0)
  expect(Number(stdout)).toBeLessThan(optimized)
  expect(code).toBe(0)
})

function run(...args: number[]) {
  return runProcess(program, {}, args.map(String), { execArgv: [] })
}
