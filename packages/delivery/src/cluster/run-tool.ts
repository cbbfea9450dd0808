import { spawnSync } from 'node:child_process'
import { StartError } from '@books/runtime'

/** Runs a program, with `input` for its standard input, and gives what it printed. Fails with a `StartError` that has its complaint. */
export function runTool(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' })
  if (status !== 0) throw new StartError(`${program} ${args.join(' ')}: ${stderr.trim()}`)
  return stdout.trim()
}

/** Whether a program is there and says yes. */
export function canRun(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
