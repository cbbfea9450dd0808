import { serverSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The port that route guide listens on unless PORT says otherwise. */
export const defaultPort = 50_055

/** The variables that route guide reads. */
export const settingsSchema = Type.Object({
  ...serverSettings(defaultPort),
  /** A file of places in the format of `places.json`, which it takes the place of. */
  ROUTE_GUIDE_DB: Type.Optional(Type.String({ minLength: 1 })),
})

/** What route guide is started with. */
export type Settings = Static<typeof settingsSchema>
