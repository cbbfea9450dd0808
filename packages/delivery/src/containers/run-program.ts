import { spawn } from 'node:child_process'
import { StartError } from '@books/runtime'

/** How a program is run. */
export interface RunOptions {
  /** Its environment, where that is not this process's own. */
  env?: NodeJS.ProcessEnv | undefined
  /** Shows what it prints while it runs, instead of gathering it. */
  isShown?: boolean
}

/** Runs a program and resolves to its output. Fails with a `StartError` that has its error output. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env, isShown = false } = options
  return new Promise((resolve, reject) => {
    // In a process group of its own: Ctrl-C must not end it before this process has cleaned up.
    const child = spawn(program, args, {
      env,
      detached: true,
      stdio: isShown ? ['ignore', 'inherit', 'inherit'] : 'pipe',
    })
    const output: string[] = []
    const errors: string[] = []
    child.stdout?.setEncoding('utf8').on('data', (text) => output.push(text))
    child.stderr?.setEncoding('utf8').on('data', (text) => errors.push(text))
    child.stdin?.end()

    child.on('error', ({ message }) => reject(new StartError(`${program} cannot be run: ${message}`)))
    child.on('close', (code) => {
      const said = `${errors.join('')}${output.join('')}`.trim()
      if (code === 0) resolve(isShown ? '' : `${output.join('')}${errors.join('')}`)
      else reject(new StartError(`${[program, ...args].join(' ')} failed${said && `:\n${said}`}`))
    })
  })
}
