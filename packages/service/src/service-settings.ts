import { commonSettings, databaseSettings, durationSetting, readSettings, serverSettings } from '@books/runtime'
import { type Static, type TObject, type TProperties, Type } from 'typebox'
import type { AnyService } from './define-service.ts'
import { dependencySettings, prefixOf } from './dependency.ts'

const webSettings = {
  /** How long a stop waits for running requests before the process is ended. */
  GRACE_MS: durationSetting(20_000),
}

type Common = ReturnType<typeof commonSettings> & typeof databaseSettings

/** The settings that every service has, and its own. */
export type ServiceSettings = Static<TObject<Common>> &
  Partial<Static<TObject<typeof serverSettings>>> &
  Static<TObject<typeof webSettings>> &
  Readonly<Record<string, unknown>>

/** The part of a service's definition that says which settings it has. */
export type SettingsOfService = Pick<
  AnyService,
  'name' | 'port' | 'protocol' | 'settings' | 'migrations' | 'dependencies'
>

/** The schema of all variables that a service reads. */
export function settingsSchemaOf(service: SettingsOfService): TObject {
  const properties: TProperties = {
    ...commonSettings(service.port),
    ...(service.protocol === 'grpc' ? serverSettings : webSettings),
    ...(service.migrations && databaseSettings),
    ...dependencySettings(service.dependencies),
    ...service.settings,
  }
  return Type.Object(properties)
}

/**
 * Reads the settings of a service from environment variables. With `isPrefixed` a variable that begins with the service's name counts
 * instead of the one that all services share: CART_GRACE_MS before GRACE_MS. Fails with a `StartError` that names each wrong variable.
 */
export function readServiceSettings(
  service: SettingsOfService,
  env: NodeJS.ProcessEnv,
  { isPrefixed = false } = {},
): ServiceSettings {
  const prefix = isPrefixed ? prefixOf(service.name) : ''
  return readSettings(settingsSchemaOf(service), env, { prefix }) as ServiceSettings
}

// What a stop does besides: database, telemetry.
const closingMs = 5_000

/**
 * How long the clean stop of a service may take, in milliseconds: what its settings allow running calls, and time to close
 * the rest. A process is ended after that, so an orchestrator must wait for longer before it kills.
 */
export function stopWithinMsOf({ DRAIN_MS = 0, GRACE_MS }: { DRAIN_MS?: number; GRACE_MS: number }): number {
  return DRAIN_MS + GRACE_MS + closingMs
}
