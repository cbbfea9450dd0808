import { durationSetting, secretSetting } from '@books/runtime'
import { type Static, type TObject, Type } from 'typebox'

/** The variables that the marketplace alone reads. */
export const settings = {
  /** Where visitors find the shop, as feeds and other sites link to it. With https, cookies travel over TLS alone. */
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^/?#]+$' })),
  /** Signs cookies. Without it a random one, so that a restart forgets what visitors said. */
  COOKIE_SECRET: secretSetting({ minLength: 32 }),
  /** The proxies before the shop whose word on a visitor's address is taken: addresses or networks, with commas between. */
  TRUSTED_PROXIES: Type.Optional(Type.String({ minLength: 1 })),
  /** How many forms one address may send in a minute. */
  FORMS_PER_MINUTE: Type.Integer({ minimum: 1, default: 60 }),
  /** How long an answer of a service is as good as new. */
  FRESH_MS: durationSetting(10_000),
  /** How long it may be shown while a new one is fetched; an older one only where the service does not answer. */
  STALE_MS: durationSetting(60_000),
  /** How long a service that fails is left alone before it is tried again. */
  REST_MS: durationSetting(2_000),
  /** How many answers of each service are remembered. */
  REMEMBERED_ANSWERS: Type.Integer({ minimum: 1, default: 2_000 }),
  /** How long the shop may work without a pause on requests that came at once before it rejects others. */
  BUSY_MS: durationSetting(100),
}

/** The values of the marketplace's own settings. */
export type Settings = Static<TObject<typeof settings>>
