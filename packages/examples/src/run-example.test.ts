import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'

const main = new URL('./main.ts', import.meta.url)
const clientMain = new URL('./client.ts', import.meta.url)

const servers: ProcessUnderTest[] = []
afterEach(async () => {
  for (const { child, ended } of servers.splice(0)) {
    child.kill()
    await ended
  }
})

describe('echo as a process', () => {
  it('says what its client was told to say, and stops cleanly', async () => {
    const { server, port } = await start('echo')

    const client = await runProcess(clientMain, { PORT: port }, ['echo', 'Call', 'me', 'Ishmael.']).ended
    server.child.kill('SIGTERM')

    expect(client).toEqual({ code: 0, stdout: 'You said: Call me Ishmael.\n', stderr: '' })
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('route guide as a process', () => {
  it('shows its client around London, and stops cleanly', async () => {
    const { server, port } = await start('route-guide')

    const { code, stdout, stderr } = await runProcess(clientMain, { PORT: port, HOST: '127.0.0.1' }, ['route-guide'])
      .ended
    server.child.kill('SIGTERM')

    expect([code, stderr]).toEqual([0, ''])
    const [features, list, route, chat] = stdout.trimEnd().split('\n\n')
    expect(features?.split('\n').slice(1)).toEqual([
      '  51.5299° N 0.1270° W   British Library, London',
      '  51.5033° N 0.1195° W   nothing known by name',
    ])
    expect(list).toContain('\n  Sherlock Holmes Museum, London')
    expect(route).toMatch(/\n {2}8 points, 8 of them known, 5\d{3} metres, in \d seconds$/)
    expect(chat?.split('\n')).toHaveLength(1 + 8)
    expect(chat).toMatch(/\n {2}Hatchards, Piccadilly, London +Selling books since 1797\.\n/)
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('knows the places of another file, or says in one line what is wrong with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'books-places-'))
    const file = join(folder, 'places.json')
    try {
      writeFileSync(file, '[{"location": {"latitude": 515299000, "longitude": -1270000}, "name": "Home"}]')
      const { port } = await start('route-guide', { ROUTE_GUIDE_DB: file })
      const guided = await runProcess(clientMain, { PORT: port }, ['route-guide']).ended
      writeFileSync(file, '[{"name": "Nowhere"}]')
      const lost = await runProcess(main, { PORT: '0', ROUTE_GUIDE_DB: file }, ['route-guide']).ended

      expect(guided.stdout).toContain('51.5299° N 0.1270° W   Home\n')
      expect(guided.stdout).toContain('8 points, 1 of them known')
      expect(lost).toEqual({
        code: 1,
        stdout: '',
        stderr: `route-guide: ${file}: entry 1 must have required properties location\n`,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a client', () => {
  it.each(['echo', 'route-guide'])('of %s says in one line that nobody answers', async (name) => {
    const port = await closedPort()

    const { code, stderr } = await runProcess(clientMain, { PORT: port }, [name]).ended

    expect(code).toBe(1)
    expect(stderr).toBe(
      `Nobody answers at localhost:${port}. To start it: npx pnpm@12.21.0 --filter @books/examples start ${name}\n`,
    )
  })

  it('says in one line that somebody else answers', async () => {
    const { port } = await start('echo')

    const { code, stderr } = await runProcess(clientMain, { PORT: port }, ['route-guide']).ended

    expect(code).toBe(1)
    expect(stderr).toMatch(/^localhost:\d+ says UNIMPLEMENTED: .*\n$/)
  })

  it('says in one line what is wrong with its settings', async () => {
    expect(await runProcess(clientMain, { PORT: 'many' }, ['echo']).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'wrong settings: PORT must be integer\n',
    })
  })
})

describe.each([
  ['start', main],
  ['client', clientMain],
])('%s', (command, program) => {
  it.each([
    ['no name', [], 'Which example?'],
    ['a name that there is not', ['echoes'], 'There is no example echoes.'],
  ])('answers %s with the examples that there are', async (_, args, complaint) => {
    const { code, stdout, stderr } = await runProcess(program, {}, args).ended

    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`${complaint}\n`)
    for (const name of ['echo', 'route-guide']) expect(stderr).toContain(`@books/examples ${command} ${name}\n`)
  })

  it('helps', async () => {
    const { code, stdout, stderr } = await runProcess(program, {}, ['--help']).ended

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`@books/examples ${command} echo\n`)
  })
})

async function start(name: string, env: Record<string, string> = {}) {
  const server = runProcess(main, { PORT: '0', ...env }, [name])
  servers.push(server)
  const [, port = ''] = await server.prints(/"port":(\d+)/)
  return { server, port }
}

/** A port on which nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return String(port)
}
