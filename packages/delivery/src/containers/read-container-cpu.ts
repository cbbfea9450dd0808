import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { docker } from './docker.ts'

interface Stats {
  cpu_stats: { cpu_usage: { total_usage: number } }
}

/** The CPU time that a container has used since it started, in milliseconds, as its cgroup counts it. */
export async function readContainerCpuMs(container: string): Promise<number> {
  // `docker stats` prints percentages of a moment; the engine itself knows the time.
  const { cpu_stats } = await askEngine<Stats>(`/containers/${container}/stats?stream=false&one-shot=true`)
  return cpu_stats.cpu_usage.total_usage / 1e6
}

async function askEngine<Answer>(path: string): Promise<Answer> {
  const host = await docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')
  const [, socketPath] = /^unix:\/\/(\S+)/.exec(host) ?? []
  if (socketPath === undefined)
    throw new Error(`CPU time is read over the engine's Unix socket, but the engine is at ${host}`)
  return new Promise((resolve, reject) => {
    request({ socketPath, path, headers: { connection: 'close' } }, (response) => {
      json(response).then((answer) => resolve(answer as Answer), reject)
    })
      .on('error', reject)
      .end()
  })
}
