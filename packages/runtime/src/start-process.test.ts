import { describe, expect, it } from '@jest/globals'
import { runProcess } from '../testing/index.ts'

describe('startProcess', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops cleanly on %s', async (signal) => {
    const { child, prints, ended } = start('run')

    await prints(/started/)
    child.kill(signal)

    expect(await ended).toEqual({ code: 0, stdout: 'started\nstopping\n', stderr: '' })
  })

  it('ends at once on a second signal', async () => {
    const { child, prints, ended } = start('hang')

    await prints(/started/)
    child.kill('SIGTERM')
    await prints(/stopping/)
    child.kill('SIGTERM')

    expect(await ended).toMatchObject({ code: 1 })
  })

  it('ends when its time to stop is over', async () => {
    const { child, prints, ended } = start('hang', 'soon')

    await prints(/started/)
    child.kill('SIGTERM')

    expect(await ended).toMatchObject({ code: 1, stdout: 'started\nstopping\n' })
  })

  it('waits for a stop whose time is longer than a timer can be', async () => {
    const { child, prints, ended } = start('run', 'late')

    await prints(/started/)
    child.kill('SIGTERM')

    expect(await ended).toEqual({ code: 0, stdout: 'started\nstopping\n', stderr: '' })
  })

  it('prints in one line why it cannot start', async () => {
    const { ended } = start('refuse')

    expect(await ended).toEqual({ code: 1, stdout: '', stderr: 'fixture: wrong settings: PORT is missing\n' })
  })

  it('prints the stack of a bug', async () => {
    const { ended } = start('break')

    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/TypeError: a bug\n {4}at /) })
  })
})

function start(...args: string[]) {
  return runProcess(new URL('./start-process.fixture.ts', import.meta.url), {}, args)
}
