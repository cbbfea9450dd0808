import { durationSetting, serverSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The port that exec listens on unless PORT says otherwise. */
export const defaultPort = 50_056

/** The variables that exec reads. */
export const settingsSchema = Type.Object({
  ...serverSettings(defaultPort),
  /** How long a snippet may take, all that it awaits and prints included. */
  RUN_MS: durationSetting(1_000),
  /** How many snippets run at a time, each in a thread of its own. */
  SANDBOXES: Type.Integer({ minimum: 1, maximum: 64, default: 4 }),
  /** How many snippets may wait for one of them. */
  WAITING: Type.Integer({ minimum: 0, maximum: 10_000, default: 32 }),
})

/** What exec is started with. */
export type Settings = Static<typeof settingsSchema>
