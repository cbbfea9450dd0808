import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const fixture = fileURLToPath(new URL('./start-process.fixture.ts', import.meta.url))

describe('startProcess', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops cleanly on %s', async (signal) => {
    const { child, output, ended } = start('run')

    await output.includes('started')
    child.kill(signal)

    expect(await ended).toMatchObject({ code: 0, stdout: 'started\nstopping\n', stderr: '' })
  })

  it('ends at once on a second signal', async () => {
    const { child, output, ended } = start('hang')

    await output.includes('started')
    child.kill('SIGTERM')
    await output.includes('stopping')
    child.kill('SIGTERM')

    expect(await ended).toMatchObject({ code: 1 })
  })

  it('tells in one line why it cannot start', async () => {
    const { ended } = start('refuse')

    expect(await ended).toMatchObject({ code: 1, stderr: 'fixture: wrong settings: PORT is missing\n' })
  })

  it('shows the stack of a fault of ours', async () => {
    const { ended } = start('break')

    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/TypeError: a fault of ours\n {4}at /) })
  })
})

function start(how: string) {
  const child = spawn(process.execPath, [fixture, how], { env: {} })
  const output = textOf(child.stdout)
  const errors = textOf(child.stderr)
  const ended = once(child, 'close').then(([code]) => ({ code, stdout: output.text, stderr: errors.text }))
  return { child, output, ended }
}

function textOf(stream: NonNullable<ChildProcess['stdout']>) {
  const output = {
    text: '',
    async includes(part: string) {
      while (!output.text.includes(part)) await once(stream, 'data')
    },
  }
  stream.setEncoding('utf8').on('data', (text) => {
    output.text += text
  })
  return output
}
