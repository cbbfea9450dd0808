import { docker, inspect } from '../containers/docker.ts'
import { findHomepageProblems } from '../containers/homepage.ts'
import { waitUntil } from '../containers/wait-until.ts'
import { hardened } from './hardened.ts'

const openWithinMs = 30_000

/** Starts the images of recommendations and the marketplace alone. Returns the problems of the front page. */
export async function openTwoAlone(): Promise<string[]> {
  const network = `books-two-${process.pid}`
  const run = (name: string, ...options: string[]) =>
    docker('run', '--detach', ...hardened, '--network', network, '--network-alias', name, ...options, `books/${name}`)

  await docker('network', 'create', network)
  const containers: string[] = []
  try {
    containers.push((await run('recommendations')).trim())
    const host = 'RECOMMENDATIONS_HOST=recommendations'
    containers.push((await run('marketplace', '--env', host, '--publish', '127.0.0.1::5000')).trim())
    const [recommendations = '', marketplace = ''] = containers
    const { NetworkSettings } = await inspect<{
      NetworkSettings: { Ports: Record<string, { HostPort: string }[]> }
    }>(marketplace)
    const url = `http://127.0.0.1:${NetworkSettings.Ports['5000/tcp']?.[0]?.HostPort}/`

    let problems: string[] = []
    const isOpen = async () => {
      problems = await findHomepageProblems(url)
      return problems.length === 0
    }
    await waitUntil('', isOpen, { withinMs: openWithinMs }).catch(() => {})
    const log = await docker('logs', recommendations)
    return log.includes('the database is in memory') ? problems : [...problems, 'does not warn that its data is lost']
  } finally {
    for (const container of containers) await docker('rm', '--force', container)
    await docker('network', 'rm', network)
  }
}
