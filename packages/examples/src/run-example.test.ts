import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ProcessUnderTest, runProcess, silentLog } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exec } from './exec/index.ts'
import { routeGuide } from './route-guide/index.ts'

const startProgram = new URL('./main.ts', import.meta.url)
const clientProgram = new URL('./client.ts', import.meta.url)

// The first process compiles the modules for all of them.
const compileCache = mkdtempSync(join(tmpdir(), 'books-examples-'))
afterAll(() => rmSync(compileCache, { recursive: true }))

describe('echo', () => {
  let server: ProcessUnderTest
  let PORT = ''
  beforeAll(async () => {
    server = run(startProgram, ['echo'], { PORT: '0' })
    ;[, PORT = ''] = await server.prints(/"port":(\d+)/)
  })
  afterAll(() => void server.child.kill())

  it('answers its client', async () => {
    expect(await runClient(['echo', 'Call', 'me', 'Ishmael.'], { PORT })).toEqual({
      code: 0,
      stdout: 'You said: Call me Ishmael.\n',
      stderr: '',
    })
  })

  it('makes the client of another example say in one line that it is the wrong server', async () => {
    const { code, stderr } = await runClient(['route-guide'], { PORT })

    expect(code).toBe(1)
    expect(stderr).toMatch(/^localhost:\d+ answers UNIMPLEMENTED: .*\n$/)
  })

  it('stops cleanly', async () => {
    server.child.kill('SIGTERM')

    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('route guide', () => {
  it('shows its client around London', async () => {
    await using server = await serve(routeGuide)

    const env = { PORT: String(server.port), HOST: '127.0.0.1' }
    const { code, stdout, stderr } = await runClient(['route-guide'], env)

    expect([code, stderr]).toEqual([0, ''])
    const [features, list, route, chat] = stdout.trimEnd().split('\n\n')
    expect(features?.split('\n').slice(1)).toEqual([
      '  51.5299° N 0.1270° W   British Library, London',
      '  51.5033° N 0.1195° W   nothing known by name',
    ])
    expect(list).toContain('\n  Sherlock Holmes Museum, London')
    expect(route).toMatch(/\n {2}8 points, 8 of them known, 5\d{3} metres, in \d+ seconds$/)
    expect(chat?.split('\n')).toHaveLength(1 + 8)
    expect(chat).toMatch(/\n {2}Hatchards, Piccadilly, London +Selling books since 1797\.\n/)
  })

  it('says in one line what is wrong with a file of places', async () => {
    // A file of JSON that has no places in it.
    const file = fileURLToPath(new URL('../package.json', import.meta.url))

    expect(await run(startProgram, ['route-guide'], { PORT: '0', ROUTE_GUIDE_DB: file }).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `route-guide: ${file}: must be array\n`,
    })
  })
})

describe('exec', () => {
  it('runs the snippets that its client is given, one of them on standard input', async () => {
    await using server = await serve(exec)

    const client = run(clientProgram, ['exec', 'print(123)', 'throw 7', '-'], { PORT: String(server.port) })
    client.child.stdin?.end('print("typed")\n')

    expect(await client.ended).toEqual({
      code: 0,
      stdout: '> print(123)\n123\n\n> throw 7\n! Uncaught 7\n\n> print("typed")\ntyped\n\n',
      stderr: '',
    })
  })
})

describe('a client', () => {
  it('says in one line that no server answers', async () => {
    const port = await closedPort()

    expect(await runClient(['echo'], { PORT: port })).toEqual({
      code: 1,
      stdout: '',
      stderr: `No server answers at localhost:${port}. To start it: npx pnpm@12.21.0 --filter @books/examples start echo\n`,
    })
  })

  it('says in one line what is wrong with its settings', async () => {
    expect(await runClient(['echo'], { PORT: 'many' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'wrong settings: PORT must be integer\n',
    })
  })
})

describe.each([
  ['start', startProgram],
  ['client', clientProgram],
])('%s', (command, program) => {
  it.each([
    ['no name', [], 'Which example?'],
    ['an unknown name', ['echoes'], 'There is no example echoes.'],
  ])('answers %s with the list of examples', async (_, args, complaint) => {
    const { code, stdout, stderr } = await run(program, args).ended

    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`${complaint}\n`)
    for (const name of ['echo', 'route-guide', 'exec']) expect(stderr).toContain(`@books/examples ${command} ${name}\n`)
  })

  it('helps', async () => {
    const { code, stdout, stderr } = await run(program, ['--help']).ended

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`@books/examples ${command} echo\n`)
  })
})

/** Serves an example on a free port. */
function serve(example: Parameters<typeof startService>[0]) {
  return startService(example, { settings: readServiceSettings(example, { PORT: '0' }), log: silentLog })
}

function runClient(args: readonly string[], env: Record<string, string>) {
  return run(clientProgram, args, env).ended
}

function run(program: URL, args: readonly string[], env: Record<string, string> = {}): ProcessUnderTest {
  return runProcess(program, { NODE_COMPILE_CACHE: compileCache, ...env }, args)
}

/** A port on which no server listens. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return String(port)
}
