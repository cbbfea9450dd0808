import {
  databaseSettings,
  durationSetting,
  logSettings,
  portSetting,
  telemetrySettings,
  tlsSettings,
} from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The variables that articles reads. */
export const settingsSchema = Type.Object({
  ...logSettings,
  ...telemetrySettings,
  ...databaseSettings,
  ...tlsSettings,
  /** The address to listen on; `::` is all of the machine's, IPv4 too. */
  HOST: Type.String({ minLength: 1, default: '::' }),
  PORT: portSetting(50_052),
  /** How long a stop answers on, not ready, while load balancers learn of it. */
  DRAIN_MS: durationSetting(0, { minimum: 0 }),
  /** How long a stop waits for running calls after that. */
  GRACE_MS: durationSetting(10_000),
})

/** What articles is started with. */
export type Settings = Static<typeof settingsSchema>
