import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { addressOf, listenError } from '@books/rpc'
import { durationSetting, secretSetting } from '@books/runtime'
import { startOutbox } from '@books/runtime/outbox'
import { defineWebService, migrations } from '@books/service'
import { Type } from 'typebox'
import { createApp } from './app.ts'
import { createEventSender } from './events/send-events.ts'
import { createExpiry } from './payments/expire-payments.ts'
import type { Tables } from './tables.ts'

const maxConnections = 4_000

/** A payment provider for development: no money moves. */
export const paymentSandbox = defineWebService({
  name: 'payment-sandbox',
  port: 5_001,
  settings: {
    /** The bearer key of its API, which also signs its events. Random by default, so that no other process can call it. */
    PAYMENT_SANDBOX_KEY: secretSetting({ minLength: 16, isDevelopmentOnly: true }),
    /** The shop's origin. */
    PUBLIC_URL: Type.String({ pattern: '^https?://[^\\s/?#]+$', default: 'http://localhost:5000' }),
    /** Where events are sent: `/payments/events` of the shop by default. */
    WEBHOOK_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
    /** The origin under which browsers reach its pages: its port of localhost by default. */
    PAYMENT_PAGE_ORIGIN: Type.Optional(Type.String({ pattern: '^https?://[^\\s/?#]+$', given: true })),
    /** How long an answer takes that is late. */
    ANSWER_DELAY_MS: durationSetting(15_000),
    /** How long after a payment an event is sent that is late. */
    EVENT_DELAY_MS: durationSetting(30_000),
    /** The number of API requests that it takes at a time; any more are answered 429. */
    API_REQUESTS_AT_A_TIME: Type.Integer({ minimum: 1, default: 200 }),
  },
  deployment: {
    isDevelopmentOnly: true,
    replicas: { min: 1, max: 1 },
    environment: { WEBHOOK_URL: 'http://marketplace:5000/payments/events' },
    // The shop, which is not a dependency: any provider calls it.
    egressPorts: [5_000],
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  async start({ settings, tables, log, cleanup, signal }) {
    const { HOST: host, PORT: port, PUBLIC_URL, WEBHOOK_URL = `${PUBLIC_URL}/payments/events` } = settings
    const { PAYMENT_SANDBOX_KEY: key = randomBytes(32).toString('hex'), PAYMENT_PAGE_ORIGIN } = settings
    if (!settings.PAYMENT_SANDBOX_KEY)
      log.warn('no other process can use this sandbox, as PAYMENT_SANDBOX_KEY is not set')
    const now = () => new Date()
    const events = createEventSender({ url: WEBHOOK_URL, key, now })
    const handlers = { event: events.handler, expire: createExpiry(tables, now) }
    const outbox = startOutbox(tables, { schema: 'payment-sandbox', handlers, log })
    cleanup.defer(outbox.stop)

    const app = await createApp({
      ...{ tables, key, events, signal, now, log },
      pageOrigin: () => PAYMENT_PAGE_ORIGIN ?? `http://localhost:${listeningPort()}`,
      wakeOutbox: outbox.wake,
      answerDelayMs: settings.ANSWER_DELAY_MS,
      eventDelayMs: settings.EVENT_DELAY_MS,
      requestsAtATime: settings.API_REQUESTS_AT_A_TIME,
    })
    const listeningPort = () => (app.server.address() as AddressInfo | null)?.port ?? port
    app.server.maxConnections = maxConnections
    cleanup.defer(() => app.close())
    await app.listen({ host, port }).catch((error: unknown) => {
      throw listenError(error, addressOf(host, port))
    })
    return { port: listeningPort(), stop: () => app.close() }
  },
})
