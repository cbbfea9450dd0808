import { spawn } from 'node:child_process'
import { StartError } from '@books/runtime'

/** How a program is run. */
export interface RunOptions {
  /** Its environment, where that is not this process's own. */
  env?: NodeJS.ProcessEnv | undefined
  /** Shows what it prints while it runs, instead of gathering it. */
  isShown?: boolean
}

/** Runs a program and resolves to all that it printed. Fails with a `StartError` that says what it complained of. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env, isShown = false } = options
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl-C is for whoever started it, who then has something to clear away.
    const child = spawn(program, args, {
      env,
      detached: true,
      stdio: isShown ? ['ignore', 'inherit', 'inherit'] : 'pipe',
    })
    const printed: string[] = []
    const complaints: string[] = []
    child.stdout?.setEncoding('utf8').on('data', (text) => printed.push(text))
    child.stderr?.setEncoding('utf8').on('data', (text) => complaints.push(text))
    child.stdin?.end()

    child.on('error', ({ message }) => reject(new StartError(`${program} cannot be run: ${message}`)))
    child.on('close', (code) => {
      const said = `${complaints.join('')}${printed.join('')}`.trim()
      if (code === 0) resolve(isShown ? '' : `${printed.join('')}${complaints.join('')}`)
      else reject(new StartError(`${[program, ...args].join(' ')} failed${said && `:\n${said}`}`))
    })
  })
}
