import { runProcess } from '@books/runtime/testing'
import { expect, it } from '@jest/globals'
import { services } from '../src/services.ts'

const program = new URL('./failed-start.fixture.ts', import.meta.url)

it.each(services.map(({ name }) => [name]))('%s leaves nothing running when its port is taken', async (name) => {
  const { code, stdout, stderr } = await runProcess(program, {}, [name]).ended

  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/the port is already in use\n$/)
})
