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

/** The clients of the dependencies, by their names. */
export type ClientsOf<Dependencies> = {
  readonly [Name in keyof Dependencies]: Dependencies[Name] extends Dependency<infer Contract>
    ? Client<Contract>
    : never
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
export function dependencySettings(dependencies: Readonly<Record<string, Dependency>>): TProperties {
  const properties = Object.entries(dependencies).flatMap(([name, { port, deadlineMs }]) => {
    const names = dependencySettingNames(name)
    return [
      [names.host, Type.String({ minLength: 1, default: 'localhost' })],
      [names.port, portSetting(port)],
      [names.deadlineMs, durationSetting(deadlineMs)],
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
export function createClients<Dependencies extends Readonly<Record<string, Dependency>>>(
  dependencies: Dependencies,
  { settings, log }: ClientsDeps,
): ClientsOf<Dependencies> {
  const shared = { tls: clientTlsOf(settings), descriptors: loadDescriptors(), log }
  const clients = Object.entries(dependencies).map(([name, { contract, waitForReadyMs }]) => {
    const names = dependencySettingNames(name)
    const address = addressOf(settings[names.host] as string, settings[names.port] as number)
    const deadlineMs = settings[names.deadlineMs] as number
    const usesProxy = settings[names.usesProxy] as boolean
    return [name, createClient(contract, { ...shared, address, deadlineMs, waitForReadyMs, usesProxy })]
  })
  return Object.fromEntries(clients) as ClientsOf<Dependencies>
}
