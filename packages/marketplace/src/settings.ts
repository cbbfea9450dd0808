import { durationSetting, logSettings, portSetting, telemetrySettings, tlsSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The variables that the marketplace reads. */
export const settingsSchema = Type.Object({
  ...logSettings,
  ...tlsSettings,
  ...telemetrySettings,
  /** The address to listen on; `::` is all of the machine's, IPv4 too. */
  HOST: Type.String({ minLength: 1, default: '::' }),
  PORT: portSetting(5_000),
  RECOMMENDATIONS_HOST: Type.String({ minLength: 1, default: 'localhost' }),
  RECOMMENDATIONS_PORT: portSetting(50_051),
  /** How long a page waits for recommendations before it opens without them. */
  RECOMMENDATIONS_DEADLINE_MS: durationSetting(500),
})

/** What the marketplace is started with. */
export type Settings = Static<typeof settingsSchema>
