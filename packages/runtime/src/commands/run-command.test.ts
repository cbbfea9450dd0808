import { describe, expect, it } from '@jest/globals'
import { runProcess } from '../../testing/index.ts'

const program = new URL('./run-command.fixture.ts', import.meta.url)

describe('a command', () => {
  it('has the defaults of its options, and what was given instead', async () => {
    const defaults = await run([])
    const given = await run([
      ...['--rounds', '12', '--seconds=1.25', '--port=0', '--side=server', '--page=cart', '--page', 'home'],
      ...['--reason', 'found', '--json'],
    ])

    expect(JSON.parse(defaults.stdout).values).toEqual({
      ...{ rounds: 3, seconds: 0.5, side: 'both', page: ['home'], json: false, bug: false },
    })
    expect(JSON.parse(given.stdout).values).toEqual({
      ...{
        rounds: 12,
        seconds: 1.25,
        port: 0,
        side: 'server',
        page: ['cart', 'home'],
        reason: 'found',
        json: true,
        bug: false,
      },
    })
  })

  it.each([
    ['a word for a number', ['--rounds=many'], '--rounds must be a whole number of at least 1, not "many"'],
    ['nothing for a number', ['--rounds='], '--rounds must be a whole number of at least 1, not ""'],
    ['zero rounds', ['--rounds=0'], '--rounds must be a whole number of at least 1, not "0"'],
    ['negative rounds', ['--rounds', '-3'], '--rounds must be a whole number of at least 1, not "-3"'],
    ['half a round', ['--rounds=1.5'], '--rounds must be a whole number of at least 1, not "1.5"'],
    ['endless seconds', ['--seconds=Infinity'], '--seconds must be a number of at least 0, not "Infinity"'],
    ['a port that is none', ['--port=65536'], '--port must be a whole number from 0 to 65535, not "65536"'],
    ['another word', ['--side=servers'], '--side must be one of server, client, both, not "servers"'],
    ['another word among several', ['--page=home', '--page=shelf'], '--page must be one of home, cart, not "shelf"'],
    ['no word', ['--side='], '--side must be one of server, client, both, not ""'],
    ['an unknown option', ['--round=3'], "Unknown option '--round'"],
    ['a value for a switch', ['--json=yes'], "Option '--json' does not take an argument"],
    ['an argument', ['home'], "Unexpected argument 'home'. This command does not take positional arguments"],
  ])('refuses %s in one line, before it runs', async (_what, args, problem) => {
    const { code, stdout, stderr } = await run(args)

    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `${problem}\n` })
  })

  it('takes arguments where it says so, negative numbers, too', async () => {
    const { stdout } = await run(['home', '-5'], { TAKES_ARGUMENTS: 'true' })

    expect(JSON.parse(stdout).positionals).toEqual(['home', '-5'])
  })

  it('prints the stack of an error that no user can solve', async () => {
    const { code, stderr } = await run(['--bug'])

    expect(code).toBe(1)
    expect(stderr).toMatch(/RangeError: a bug\n {4}at .*run-command\.fixture\.ts/)
  })

  it('prints its help', async () => {
    expect(await run(['--help', '--rounds=many'])).toEqual({
      ...{ code: 0, stdout: 'Prints what it was given.\n', stderr: '' },
    })
  })
})

function run(args: readonly string[], env: Record<string, string> = {}) {
  return runProcess(program, env, args).ended
}
