import { databaseSettings, durationSetting, logSettings, portSetting, telemetrySettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The variables that recommendations reads. */
export const settingsSchema = Type.Object({
  ...logSettings,
  ...telemetrySettings,
  ...databaseSettings,
  /** The address to listen on; `::` is all of the machine's, IPv4 too. */
  HOST: Type.String({ minLength: 1, default: '::' }),
  PORT: portSetting(50_051),
  /** How long a stop waits for running calls. */
  GRACE_MS: durationSetting(10_000),
})

/** What recommendations is started with. */
export type Settings = Static<typeof settingsSchema>
