import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { findStartProblem } from '../start-problem.ts'
import type { ReadOption } from './options.ts'

/** A command of the command line. */
export interface Command<Options extends ParseArgsOptionsConfig> {
  /** What `--help` prints. */
  help: string
  options: Options
  /** Whether it takes arguments that are no options. */
  takesArguments?: boolean
  run(args: { values: Values<Options>; positionals: string[] }): Promise<void>
}

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: Options }>>['values']

/** The values of the options: those that have one are what `read` returns. */
type Values<Options extends ParseArgsOptionsConfig> = {
  [Name in keyof Parsed<Options>]: Name extends keyof Options
    ? Options[Name] extends ReadOption<infer Value>
      ? ReadValue<Parsed<Options>[Name], Value>
      : Parsed<Options>[Name]
    : never
}

type ReadValue<Given, Value> = Given extends readonly unknown[] ? Value[] : Given extends undefined ? Given : Value

/**
 * Runs a command. Prints its help for `--help`, and errors that the user can fix as one line, with exit code 1: unknown options and
 * arguments, and values that an option does not take, are known before anything runs.
 */
export async function runCommand<Options extends ParseArgsOptionsConfig>({
  help,
  options,
  takesArguments = false,
  run,
}: Command<Options>) {
  try {
    const withHelp = { ...options, help: { type: 'boolean', short: 'h' } } as const
    // A negative number is an option to parseArgs, but not behind a space.
    const args = process.argv.slice(2).map((arg) => (/^-\d/.test(arg) ? ` ${arg}` : arg))
    const { values, positionals } = parseArgs({ args, options: withHelp, allowPositionals: takesArguments })
    if ('help' in values && values.help) console.log(help)
    else await run({ values: readValues(options, values), positionals: positionals.map(withoutSpace) })
  } catch (error) {
    const problem = findStartProblem(error) ?? findUserProblem(error)
    if (problem === undefined) throw error
    console.error(problem)
    process.exitCode = 1
  }
}

function readValues<Options extends ParseArgsOptionsConfig>(
  options: Options,
  values: Record<string, unknown>,
): Values<Options> {
  const read = Object.entries(values).map(([name, given]) => {
    const option = options[name] as Partial<ReadOption<unknown>> | undefined
    const readText = (text: string) => option?.read?.(withoutSpace(text), `--${name}`)
    if (!option?.read) return [name, given]
    return [name, Array.isArray(given) ? given.map(readText) : readText(String(given))]
  })
  return Object.fromEntries(read) as Values<Options>
}

function withoutSpace(arg: string): string {
  return arg.replace(/^ (?=-\d)/, '')
}

function findUserProblem(error: unknown): string | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException
  return code.startsWith('ERR_PARSE_ARGS_') ? message : undefined
}
