import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** This machine's promtool (Debian: `prometheus`), if it has one. */
export function findPromtool(): string | undefined {
  const { PATH = '', CI } = process.env
  const found = PATH.split(delimiter)
    .map((folder) => join(folder, 'promtool'))
    .find((file) => existsSync(file))
  if (!found && CI) throw new Error('CI must have promtool, or alerts are not tested')
  return found
}

/** Runs promtool on files of a folder. Rejects with all that it says where something is wrong. */
export async function runPromtool(promtool: string, folder: URL, args: readonly string[]): Promise<string> {
  try {
    // Its memory is small, and a quarter of its time goes into collecting it.
    const options = { cwd: folder, env: { ...process.env, GOGC: '800' } }
    const { stdout, stderr } = await promisify(execFile)(promtool, args, options)
    return stdout + stderr
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${stdout}${stderr}`, { cause: error })
  }
}
