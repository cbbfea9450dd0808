import { serverSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The port that echo listens on unless PORT says otherwise. */
export const defaultPort = 50_054

/** The variables that echo reads. */
export const settingsSchema = Type.Object(serverSettings(defaultPort))

/** What echo is started with. */
export type Settings = Static<typeof settingsSchema>
