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
  /** Where visitors find the shop, as feeds and other sites link to it. With https, cookies travel over TLS alone. */
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^/?#]+$' })),
  /** Signs what the shop leaves in a browser. Without it a random one, so that a restart forgets what visitors said. */
  COOKIE_SECRET: Type.Optional(Type.String({ minLength: 32 })),
  /** The proxies before the shop whose word on a visitor's address is taken: addresses or networks, with commas between. */
  TRUSTED_PROXIES: Type.Optional(Type.String({ minLength: 1 })),
  /** How many forms one address may send in a minute. */
  FORMS_PER_MINUTE: Type.Integer({ minimum: 1, default: 60 }),
  RECOMMENDATIONS_HOST: Type.String({ minLength: 1, default: 'localhost' }),
  RECOMMENDATIONS_PORT: portSetting(50_051),
  /** How long a page waits for recommendations before it opens without them: it is to be there after half a second, however late a timer is. */
  RECOMMENDATIONS_DEADLINE_MS: durationSetting(450),
  ARTICLES_HOST: Type.String({ minLength: 1, default: 'localhost' }),
  ARTICLES_PORT: portSetting(50_052),
  /** How long a page waits for the journal. */
  ARTICLES_DEADLINE_MS: durationSetting(450),
  INVENTORY_HOST: Type.String({ minLength: 1, default: 'localhost' }),
  INVENTORY_PORT: portSetting(50_053),
  /** How long a page waits for the inventory. */
  INVENTORY_DEADLINE_MS: durationSetting(450),
  /** How long an answer of a service is as good as new. */
  FRESH_MS: durationSetting(10_000),
  /** How long it may be shown while a new one is fetched; an older one only where the service does not answer. */
  STALE_MS: durationSetting(60_000),
  /** How long a service that fails is left alone before it is tried again. */
  REST_MS: durationSetting(2_000),
  /** How many answers of each service are remembered. */
  REMEMBERED_ANSWERS: Type.Integer({ minimum: 1, default: 2_000 }),
  /** How long the shop may work without a pause on those who came at once before it turns the others away. */
  BUSY_MS: durationSetting(100),
})

/** What the marketplace is started with. */
export type Settings = Static<typeof settingsSchema>
