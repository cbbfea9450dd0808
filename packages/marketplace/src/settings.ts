import { durationSetting, secretSetting } from '@books/runtime'
import { type Static, type TObject, Type } from 'typebox'

/** The variables that the marketplace alone reads. */
export const settings = {
  /** The shop's origin, for links in feeds and on other sites. With https, cookies and browsers are restricted to TLS. */
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^/?#]+$' })),
  /** Signs cookies. Random by default, so that cookies are invalid after a restart. */
  COOKIE_SECRET: secretSetting({ minLength: 32 }),
  /**
   * The folder of the local mailbox, which /mailbox then shows to every visitor: for development only. The store in one process sets it
   * where there is no mail server.
   */
  MAILBOX_DIR: Type.Optional(Type.String({ minLength: 1 })),
  /** The origins of the payment provider's pages, separated by commas: browsers let the checkout lead to no others. */
  PAYMENT_ORIGINS: Type.String({
    pattern: '^https?://[^/?#;,\\s]+(,https?://[^/?#;,\\s]+)*$',
    default: 'http://localhost:5001',
    given: true,
  }),
  /** The proxies whose `X-Forwarded-*` headers are trusted: addresses or networks, separated by commas. */
  TRUSTED_PROXIES: Type.Optional(Type.String({ minLength: 1 })),
  /** The number of forms that one address may send in a minute. */
  FORMS_PER_MINUTE: Type.Integer({ minimum: 1, default: 60 }),
  /** How long a page waits for its main content, such as the results of a search; secondary content has NAME_DEADLINE_MS. */
  PAGE_DEADLINE_MS: durationSetting(2_000),
  /** How long a cached answer of a backend is used without a call. */
  FRESH_MS: durationSetting(10_000),
  /** How long it is used while a new one is fetched; older ones only where the backend does not answer. */
  STALE_MS: durationSetting(60_000),
  /** How long a circuit breaker stays open before it tries the backend again. */
  REST_MS: durationSetting(2_000),
  /** The number of cached answers of each backend. */
  REMEMBERED_ANSWERS: Type.Integer({ minimum: 1, default: 2_000 }),
  /** How long a request may wait for the event loop before it is rejected. */
  BUSY_MS: durationSetting(100),
}

/** The values of the marketplace's own settings. */
export type Settings = Static<TObject<typeof settings>>
