import { fileURLToPath } from 'node:url'
import { StartError } from '@books/runtime'
import { docker } from '../containers/docker.ts'
import { runProgram } from '../containers/run-program.ts'

/** How a store is put together. */
export interface ComposedStoreOptions {
  /** The name of the Compose project: what its containers and volumes belong to. */
  project: string
  /** Where visitors find it. */
  port: number
  /** The environment of whoever asks: it may name other images and ports. */
  env: NodeJS.ProcessEnv
  /** Whether services speak TLS with each other. */
  isEncrypted?: boolean
  /** Whether it is watched: a collector, Prometheus and Grafana. */
  isWatched?: boolean
}

/** A store in containers. */
export interface ComposedStore {
  url: string
  /** Whether it is what listens on its port. */
  hasPort(): Promise<boolean>
  /** Starts all that is not running. The shop comes last, and may need a moment more. */
  up(): Promise<void>
  /** Stops and removes its containers; what it stored, too, where that is wished. */
  down(options?: { withData?: boolean }): Promise<void>
  /** The names of its containers' services. */
  listServices(): Promise<string[]>
  /** How a container is, by its own health check. */
  healthOf(service: string): Promise<string>
  /** Ends a container without a warning. */
  kill(service: string): Promise<void>
  /** The last lines of each container, for whoever wants to know why it is not well. */
  readLog(): Promise<string>
  /** Starts a container that was killed. */
  start(service: string): Promise<void>
  /** Runs a program of a service's image once, with a folder of this machine at `/given`. */
  runOnce(service: string, program: readonly string[], folder: string): Promise<string>
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Puts a store together; nothing is started yet. */
export async function composeStore({
  project,
  port,
  env: given,
  isEncrypted = false,
  isWatched = false,
}: ComposedStoreOptions): Promise<ComposedStore> {
  const [program = '', ...first] = await findCompose()
  const files = ['compose.yaml', ...(isEncrypted ? ['compose.tls.yaml'] : [])]
  const options = files.flatMap((file) => ['--file', `${root}docker/${file}`])
  if (isWatched) options.push('--profile', 'observability')
  const env = {
    ...given,
    STORE_PORT: String(port),
    ...(isWatched && { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318' }),
  }
  const compose = (args: string[], isShown = false) =>
    runProgram(program, [...first, '--project-name', project, ...options, ...args], { env, isShown })

  // By labels, as what Compose itself lists differs from version to version.
  async function list(format: string, service?: string): Promise<string[]> {
    const labels = [`project=${project}`, 'oneoff=False', ...(service ? [`service=${service}`] : [])]
    const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`])
    const listed = await docker('ps', '--all', ...filters, '--format', format)
    return listed.split('\n').filter(Boolean)
  }

  async function containerOf(service: string): Promise<string> {
    const [id] = await list('{{.ID}}', service)
    if (!id) throw new StartError(`${service} has no container`)
    return id
  }

  return {
    url: `http://localhost:${port}`,
    async hasPort() {
      return (await list('{{.Ports}}', 'marketplace')).some((ports) => ports.includes(`:${port}->`))
    },
    async up() {
      await compose(['up', '--detach', '--remove-orphans'], true)
    },
    async down({ withData = false } = {}) {
      await compose(['down', '--remove-orphans', ...(withData ? ['--volumes'] : [])], true)
    },
    async listServices() {
      return (await list('{{.Label "com.docker.compose.service"}}')).toSorted()
    },
    async healthOf(service) {
      const format = '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}'
      return (await docker('inspect', '--format', format, await containerOf(service))).trim()
    },
    async kill(service) {
      await docker('kill', await containerOf(service))
    },
    readLog: () => compose(['logs', '--no-color', '--tail', '10']),
    async start(service) {
      await compose(['start', service])
    },
    runOnce: (service, command, folder) =>
      compose(['run', '--rm', '--no-deps', '-T', '--volume', `${folder}:/given:ro`, service, ...command]),
  }
}

/** The plugin of the Docker client where there is one, or else the program from before there were plugins. */
async function findCompose(): Promise<string[]> {
  try {
    await docker('compose', 'version')
    return ['docker', 'compose']
  } catch {
    return ['docker-compose']
  }
}
