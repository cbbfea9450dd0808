import { settingsSchema as marketplace } from '@books/marketplace'
import { settingsSchema as recommendations } from '@books/recommendations'
import { type Static, Type } from 'typebox'

// Each service would open this door, and here they are one process.
const { PROBE_PORT: _each, ...server } = recommendations.properties

/** The variables that the whole store reads: those of its services, but for what one process settles by itself. */
export const settingsSchema = Type.Object({
  ...server,
  ...marketplace.properties,
  /** Only what needs attention: progress is told in plain lines. */
  LOG_LEVEL: Type.Enum(recommendations.properties.LOG_LEVEL.enum, { default: 'warn' }),
})

/** What the store is started with. */
export type Settings = Static<typeof settingsSchema>
