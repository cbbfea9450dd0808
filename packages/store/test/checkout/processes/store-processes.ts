import { pathToFileURL } from 'node:url'
import { type AnyService, prefixOf } from '@books/service'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'
import type { StoreDatabase } from './store-database.ts'

/** Services in processes of their own, which call each other. */
export interface StoreProcesses extends AsyncDisposable {
  readonly all: readonly ServiceProcess[]
  /** `host:port` of one of them. */
  addressOf(name: string): string
  /** Does work while all are stopped with SIGSTOP. */
  whilePaused(work: () => Promise<void>): Promise<void>
  /** Stops all with SIGTERM, the last started first; resolves to what went wrong. */
  stop(): Promise<string[]>
}

/** How services are started. */
export interface StoreProcessesOptions {
  /** In the order of their dependencies. */
  services: readonly AnyService[]
  database: StoreDatabase
  /** The folder of the workspace whose sources run. */
  workspace: string
  /** Further variables of a service, by its name; those of all by `*`. */
  variables: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Starts services one after the other, each with the addresses of those before it. */
export async function startStoreProcesses({
  services,
  database,
  workspace,
  variables,
}: StoreProcessesOptions): Promise<StoreProcesses> {
  const all: ServiceProcess[] = []
  const killAll = async () => void (await Promise.all(all.map(({ kill }) => kill())))
  const addresses: Record<string, string> = {}
  try {
    for (const { name } of services) {
      const path = pathToFileURL(`${workspace}/packages/${name}/src/main.ts`)
      const env = { ...addresses, ...database.variablesOf(name), ...variables['*'], ...variables[name] }
      const started = await startServiceProcess({ name, path, env })
      all.push(started)
      addresses[`${prefixOf(name)}HOST`] = '127.0.0.1'
      addresses[`${prefixOf(name)}PORT`] = String(started.port)
    }
  } catch (error) {
    await killAll()
    throw error
  }

  return {
    all,
    addressOf: (name) => `127.0.0.1:${addresses[`${prefixOf(name)}PORT`]}`,
    async whilePaused(work) {
      for (const process of all) process.pause()
      try {
        await work()
      } finally {
        for (const process of all) process.resume()
      }
    },
    async stop() {
      const problems: string[] = []
      for (const process of all.toReversed()) {
        const code = await process.stop()
        if (code !== 0) problems.push(`${process.name} stopped with the exit code ${code}`)
      }
      return [...all.flatMap(({ crashes }) => crashes), ...problems]
    },
    [Symbol.asyncDispose]: killAll,
  }
}

/** A service and all that it depends on, each after what it depends on itself. */
export function withDependencies(service: AnyService, services: readonly AnyService[]): AnyService[] {
  const needed = new Set<string>()
  const add = ({ name, dependencies }: AnyService) => {
    needed.add(name)
    for (const dependency of services.filter((each) => each.name in dependencies && !needed.has(each.name)))
      add(dependency)
  }
  add(service)
  return services.filter(({ name }) => needed.has(name))
}
