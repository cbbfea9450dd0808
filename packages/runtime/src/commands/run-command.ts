import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { findStartProblem } from '../start-problem.ts'

/** A command of the command line. */
export interface Command<Options extends ParseArgsOptionsConfig> {
  /** What `--help` prints. */
  help: string
  options: Options
  run(args: { values: Values<Options>; positionals: string[] }): Promise<void>
}

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: Options }>>['values']

/** Runs a command. Prints its help for `--help`, and errors that the user can fix as one line, with exit code 1. */
export async function runCommand<Options extends ParseArgsOptionsConfig>({ help, options, run }: Command<Options>) {
  try {
    const withHelp = { ...options, help: { type: 'boolean', short: 'h' } } as const
    // A negative number is an option to parseArgs, but not behind a space.
    const args = process.argv.slice(2).map((arg) => (/^-\d/.test(arg) ? ` ${arg}` : arg))
    const { values, positionals } = parseArgs({ args, options: withHelp, allowPositionals: true })
    if ('help' in values && values.help) console.log(help)
    else await run({ values, positionals: positionals.map((each) => each.replace(/^ (?=-\d)/, '')) })
  } catch (error) {
    const problem = findStartProblem(error) ?? findUserProblem(error)
    if (problem === undefined) throw error
    console.error(problem)
    process.exitCode = 1
  }
}

function findUserProblem(error: unknown): string | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException
  return error instanceof RangeError || code.startsWith('ERR_PARSE_ARGS_') ? message : undefined
}
