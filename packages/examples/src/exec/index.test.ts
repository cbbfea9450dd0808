import { MockExecService } from '@books/proto'
import { createClient, Status } from '@books/rpc'
import { runProcess } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { run } from './exec-server.fixture.ts'

const main = new URL('./main.ts', import.meta.url)
const client = new URL('./client.ts', import.meta.url)

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('the process of exec', () => {
  it('runs the snippets that its client is given, and tells what came of each', async () => {
    const server = runProcess(main, { PORT: '0', RUN_MS: '2000' })
    closers.push(() => server.child.kill())
    const [, PORT = ''] = await server.prints(/"port":(\d+)/)

    const given = runProcess(client, { PORT }, ['print(123)', 'throw 7', '-'])
    given.child.stdin?.end('print("typed")\n')
    const { code, stdout, stderr } = await given.ended
    const tour = await runProcess(client, { PORT }).ended

    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '> print(123)\n123\n\n> throw 7\n! Uncaught 7\n\n> print("typed")\ntyped\n\n',
      stderr: '',
    })
    expect(tour.stdout).toMatch(
      /Hello from 42 .*\n\n.*later\n.*TypeError.*undefined undefined undefined.*round\n! Ended/s,
    )
  })

  it('stops cleanly while a snippet runs', async () => {
    const server = runProcess(main, { PORT: '0', RUN_MS: '600000', GRACE_MS: '100' })
    const [, port] = await server.prints(/"port":(\d+)/)
    const exec = createClient(MockExecService, { address: `127.0.0.1:${port}`, deadlineMs: 60_000 })
    closers.push(exec.close)

    const looped = Promise.allSettled([run(exec, 'while (true);')])
    expect(await run(exec, 'print(1)')).toEqual({ output: '1\n', error: '' })
    server.child.kill('SIGTERM')

    expect(await looped).toMatchObject([{ reason: { code: Status.UNAVAILABLE } }])
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('leaves no thread behind, neither by a stop nor by a start that fails', async () => {
    const stopped = runProcess(new URL('./stopped.fixture.ts', import.meta.url))
    closers.push(() => stopped.child.kill())

    expect(await stopped.ended).toMatchObject({ code: 0, stdout: 'EADDRINUSE\nstopped\n', stderr: '' })
  })
})
