import { expect, it } from '@jest/globals'
import { runProcess } from '../../testing/index.ts'

const program = new URL('./wasm-memory-limit.fixture.ts', import.meta.url)
const mib = 1024 ** 2

it('lets the embedded database live in a container of 1 GB, and leaves it its speed where there is more', async () => {
  const tight = await runProcess(program, {}, [String(1024 * mib)]).ended
  const roomy = await runProcess(program, {}, [String(4096 * mib)]).ended

  expect(Number(tight.stdout)).toBeGreaterThan(0)
  expect(Number(tight.stdout)).toBeLessThan(0.8 * Number(roomy.stdout))
})
