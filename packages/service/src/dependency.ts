import { loadDescriptors } from '@books/proto'
import { addressOf, type Client, createClient, type ServiceDefinition } from '@books/rpc'
import { clientTlsOf, durationSetting, type Log, portSetting } from '@books/runtime'
import { type TProperties, Type } from 'typebox'

/** How another service is called. */
export interface DependencyOptions {
  /** The port on which the other service listens unless a setting says otherwise. */
  port: number
  /** Whether the service is ready without the other one. */
  isOptional?: boolean
  /** How long a call waits unless it says otherwise, in milliseconds. */
  deadlineMs?: number
  /** How long calls wait for a connection after the last one was lost, in milliseconds. */
  waitForReadyMs?: number
}

/** Another service that this one calls. */
export interface Dependency<Contract extends ServiceDefinition = ServiceDefinition> extends DependencyOptions {
  readonly contract: Contract
  readonly isOptional: boolean
  readonly deadlineMs: number
}

/** Another service that this one calls by HTTP. The service is ready without it. */
export interface HttpDependency {
  readonly protocol: 'http'
  readonly port: number
  readonly isOptional: true
}

/** Where a service that speaks HTTP is. */
export interface HttpEndpoint {
  /** `http://host:port`. */
  readonly url: string
}

/** The clients of the dependencies, by their names; of one that speaks HTTP only where it is. */
export type ClientsOf<Dependencies> = {
  readonly [Name in keyof Dependencies]: Dependencies[Name] extends Dependency<infer Contract>
    ? Client<Contract>
    : HttpEndpoint
}

/**
 * Declares that a service calls another one, by the name under which it stands in `dependencies`. The settings NAME_HOST, NAME_PORT
 * and NAME_DEADLINE_MS say where and how, and NAME_USES_PROXY whether by way of the HTTP proxy that `grpc_proxy` or its like names.
 */
export function dependency<Contract extends ServiceDefinition>(
  contract: Contract,
  { isOptional = false, deadlineMs = 10_000, ...options }: DependencyOptions,
): Dependency<Contract> {
  return { contract, isOptional, deadlineMs, ...options }
}

/**
 * Declares that a service calls another one by HTTP, by the name under which it stands in `dependencies`. The settings NAME_HOST and
 * NAME_PORT say where.
 */
export function httpDependency({ port }: { port: number }): HttpDependency {
  return { protocol: 'http', port, isOptional: true }
}

/** The names of the settings of a dependency: `payment-sandbox` has PAYMENT_SANDBOX_HOST. */
export function dependencySettingNames(name: string) {
  const prefix = prefixOf(name)
  return {
    host: `${prefix}HOST`,
    port: `${prefix}PORT`,
    deadlineMs: `${prefix}DEADLINE_MS`,
    usesProxy: `${prefix}USES_PROXY`,
  }
}

/** What the variables of a service begin with. */
export function prefixOf(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_`
}

/** The variables that say where the dependencies are. */
export function dependencySettings(dependencies: Readonly<Record<string, Dependency | HttpDependency>>): TProperties {
  const properties = Object.entries(dependencies).flatMap(([name, dependency]) => {
    const names = dependencySettingNames(name)
    const address = [
      [names.host, Type.String({ minLength: 1, default: 'localhost' })],
      [names.port, portSetting(dependency.port)],
    ]
    if (isHttp(dependency)) return address
    return [
      ...address,
      [names.deadlineMs, durationSetting(dependency.deadlineMs)],
      [names.usesProxy, Type.Boolean({ default: false })],
    ]
  })
  return Object.fromEntries(properties)
}

/** What clients are made from. */
interface ClientsDeps {
  settings: Readonly<Record<string, unknown>>
  log: Log
}

/** Makes the client of each dependency; it connects on its first call. */
export function createClients<Dependencies extends Readonly<Record<string, Dependency | HttpDependency>>>(
  dependencies: Dependencies,
  { settings, log }: ClientsDeps,
): ClientsOf<Dependencies> {
  const shared = { tls: clientTlsOf(settings), descriptors: loadDescriptors(), log }
  const clients = Object.entries(dependencies).map(([name, dependency]) => {
    const names = dependencySettingNames(name)
    const address = addressOf(settings[names.host] as string, settings[names.port] as number)
    if (isHttp(dependency)) return [name, { url: `http://${address}` }]
    const { contract, waitForReadyMs } = dependency
    const deadlineMs = settings[names.deadlineMs] as number
    const usesProxy = settings[names.usesProxy] as boolean
    return [name, createClient(contract, { ...shared, address, deadlineMs, waitForReadyMs, usesProxy })]
  })
  return Object.fromEntries(clients) as ClientsOf<Dependencies>
}

function isHttp(dependency: Dependency | HttpDependency): dependency is HttpDependency {
  return 'protocol' in dependency
}
