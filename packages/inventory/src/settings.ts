import { databaseSettings, serverSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The variables that inventory reads. */
export const settingsSchema = Type.Object({ ...serverSettings(50_053), ...databaseSettings })

/** What inventory is started with. */
export type Settings = Static<typeof settingsSchema>
