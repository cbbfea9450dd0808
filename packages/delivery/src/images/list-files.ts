import { docker } from '../containers/docker.ts'
import { runProgram } from '../containers/run-program.ts'

/** The paths of all files of an image. */
export async function listFiles(image: string): Promise<string[]> {
  const container = (await docker('create', image)).trim()
  try {
    const listed = await runProgram('sh', ['-c', `docker export ${container} | tar --list`])
    return listed.split('\n').filter((path) => path !== '' && !path.endsWith('/'))
  } finally {
    await docker('rm', container)
  }
}
