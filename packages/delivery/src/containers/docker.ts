import { StartError } from '@books/runtime'
import { runProgram } from './run-program.ts'

/** Runs a command of the Docker client and resolves to what it printed. */
export function docker(...args: string[]): Promise<string> {
  return runProgram('docker', args)
}

/** Throws where no Docker Engine answers. */
export async function requireEngine(): Promise<void> {
  try {
    await docker('version', '--format', '{{.Server.Version}}')
  } catch (cause) {
    throw new StartError('no Docker Engine answers: start one, and see that `docker version` names its server', {
      cause,
    })
  }
}

/** What the engine says of a container, an image and so on. */
export async function inspect<Facts>(name: string): Promise<Facts> {
  const [facts] = JSON.parse(await docker('inspect', name))
  return facts
}
