import { databaseSettings, durationSetting, serverSettings } from '@books/runtime'
import { type Static, Type } from 'typebox'

/** The variables that recommendations reads. */
export const settingsSchema = Type.Object({
  ...serverSettings(50_051),
  ...databaseSettings,
  /** The file that the model is kept in; the database without it. */
  MODEL_PATH: Type.Optional(Type.String({ minLength: 1 })),
  /** Whether a store without readers gets simulated ones. */
  DEMO_READERS: Type.Boolean({ default: true }),
  /** How often everything is trained anew. */
  TRAIN_EVERY_MS: durationSetting(6 * 60 * 60 * 1000),
  /** How long it must be quiet before the books that readers touched are solved anew. */
  SETTLE_MS: durationSetting(2_000),
  /** Threads of a training. */
  TRAIN_THREADS: Type.Integer({ minimum: 1, maximum: 64, default: 2 }),
})

/** What recommendations is started with. */
export type Settings = Static<typeof settingsSchema>
