import { fileURLToPath } from 'node:url'
import { StartError } from '@books/runtime'
import { docker, inspect } from '../containers/docker.ts'
import { readContainerCpuMs } from '../containers/read-container-cpu.ts'
import { runProgram } from '../containers/run-program.ts'

/** How a store is opened. */
export interface ComposedStoreOptions {
  /** The name of the Compose project: what its containers and volumes belong to. */
  project: string
  /** Where visitors find it. */
  port: number
  /** Environment variables for Compose: they may name other images and ports. */
  env: NodeJS.ProcessEnv
  /** Whether services speak TLS with each other. */
  isEncrypted?: boolean
  /** Whether Prometheus, Grafana and Jaeger run beside it. */
  isWatched?: boolean
  /** Whether Mailpit takes the mail. */
  hasMailpit?: boolean
}

/** A store in containers. */
export interface ComposedStore {
  url: string
  /** Whether its own container listens on its port. */
  hasPort(): Promise<boolean>
  /** Starts all containers that are not running, without waiting until they serve. */
  up(): Promise<void>
  /** Stops and removes its containers, and with `withData` what it stored. */
  down(options?: { withData?: boolean }): Promise<void>
  /** The names of the containers that run, without those that have done their work and ended. */
  listServices(): Promise<string[]>
  /** Whether a container is healthy, by its own health check, which is run now. */
  isHealthy(service: string): Promise<boolean>
  /** The CPU time that all containers have used since they started, in milliseconds. */
  readCpuMs(): Promise<number>
  /** How many containers run. */
  countContainers(): Promise<number>
  /** Ends a container without a warning. */
  kill(service: string): Promise<void>
  /** The last lines of the log of each container. */
  readLog(): Promise<string>
  /** Starts a container that was killed. */
  start(service: string): Promise<void>
  /** Runs a program of a service's image once, with a folder of this machine at `/given`. */
  runOnce(service: string, program: readonly string[], folder: string): Promise<string>
}

interface ListOptions {
  service?: string
  /** Only those that run. */
  isRunning?: boolean
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Describes a store in containers; nothing is started yet. */
export async function composeStore({
  project,
  port,
  env: given,
  isEncrypted = false,
  isWatched = false,
  hasMailpit = false,
}: ComposedStoreOptions): Promise<ComposedStore> {
  const [program = '', ...first] = await findCompose()
  const files = ['compose.yaml', ...(isEncrypted ? ['compose.tls.yaml'] : [])]
  const options = files.flatMap((file) => ['--file', `${root}docker/${file}`])
  if (isWatched) options.push('--profile', 'observability')
  if (hasMailpit) options.push('--profile', 'mail')
  const paymentOrigin = `http://localhost:${given['PAYMENT_SANDBOX_PORT'] ?? 5_001}`
  const env = {
    ...{ PAYMENT_PAGE_ORIGIN: paymentOrigin, PAYMENT_ORIGINS: paymentOrigin },
    ...given,
    STORE_PORT: String(port),
    ...(isWatched && {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318',
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
    }),
    ...(hasMailpit && { MAIL_FROM: 'Books <books@shop.example>', SMTP_URL: 'smtp://mailpit:1025' }),
  }
  const compose = (args: string[], isShown = false) =>
    runProgram(program, [...first, '--project-name', project, ...options, ...args], { env, isShown })

  // By labels, as what Compose lists differs from version to version.
  async function list(format: string, { service, isRunning = false }: ListOptions = {}): Promise<string[]> {
    const labels = [`project=${project}`, 'oneoff=False', ...(service ? [`service=${service}`] : [])]
    const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`])
    const listed = await docker('ps', ...(isRunning ? [] : ['--all']), ...filters, '--format', format)
    return listed.split('\n').filter(Boolean)
  }

  async function containerOf(service: string): Promise<string> {
    const [id] = await list('{{.ID}}', { service })
    if (!id) throw new StartError(`${service} has no container`)
    return id
  }

  return {
    url: `http://localhost:${port}`,
    async hasPort() {
      return (await list('{{.Ports}}', { service: 'marketplace' })).some((ports) => ports.includes(`:${port}->`))
    },
    async up() {
      await compose(['up', '--detach', '--remove-orphans'], true)
    },
    async down({ withData = false } = {}) {
      await compose(['down', '--remove-orphans', ...(withData ? ['--volumes'] : [])], true)
    },
    async listServices() {
      return (await list('{{.Label "com.docker.compose.service"}}', { isRunning: true })).toSorted()
    },
    async isHealthy(service) {
      const container = await containerOf(service)
      const { Config } = await inspect<{ Config: { Healthcheck?: { Test: string[] } } }>(container)
      const [, ...check] = Config.Healthcheck?.Test ?? []
      return docker('exec', container, ...check).then(
        () => true,
        () => false,
      )
    },
    async readCpuMs() {
      const used = await Promise.all((await list('{{.ID}}')).map(readContainerCpuMs))
      return used.reduce((sum, each) => sum + each, 0)
    },
    countContainers: async () => (await list('{{.ID}}', { isRunning: true })).length,
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
