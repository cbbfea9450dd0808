import { databaseSettings, serverSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The variables that articles reads. */
export const settingsSchema = Type.Object({ ...serverSettings(50_052), ...databaseSettings })

/** What articles is started with. */
export type Settings = Static<typeof settingsSchema>
