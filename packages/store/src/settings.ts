import { randomBytes } from 'node:crypto'
import { mailboxFolderOf } from '@books/mail'
import {
  commonSettings,
  databaseSettings,
  logSettings,
  readSettings,
  telemetrySettings,
  variablesOf,
} from '@books/runtime'
import { type AnyService, prefixOf, readServiceSettings, type ServiceSettings, settingsSchemaOf } from '@books/service'
import { type Static, Type } from 'typebox'
import { services } from './services.ts'

const processSchema = Type.Object({
  ...logSettings,
  /** Only what needs attention: progress is printed in plain lines. */
  LOG_LEVEL: Type.Enum(logSettings.LOG_LEVEL.enum, { default: 'warn' }),
  ...telemetrySettings,
  ...databaseSettings,
  HOST: commonSettings(0).HOST,
})

/** What the whole store is started with. */
export interface StoreSettings {
  /** Those of the process. */
  process: Static<typeof processSchema>
  /** Those of each service, by its name. */
  services: ReadonlyMap<string, ServiceSettings>
}

/**
 * Reads the settings of the whole store. A variable counts for every service; one that begins with a service's name for that one
 * alone: CART_GRACE_MS before GRACE_MS. PORT is the web shop's, as every service has a port of its own.
 */
export function readStoreSettings(env: NodeJS.ProcessEnv): StoreSettings {
  const shared = { LOG_LEVEL: 'warn', ...env, ...paymentSettingsOf(env), MAILBOX_DIR: findMailbox(env) }
  const settings = services.map((service) => [service.name, readOne(service, shared)] as const)
  return { process: readSettings(processSchema, env), services: new Map(settings) }
}

// The shop shows mail that no server takes.
function findMailbox({ SMTP_URL, SMTP_URL_FILE, MAILBOX_DIR, DATA_DIR }: NodeJS.ProcessEnv): string | undefined {
  if (SMTP_URL || SMTP_URL_FILE) return undefined
  return mailboxFolderOf({ ...(MAILBOX_DIR && { MAILBOX_DIR }), ...(DATA_DIR && { DATA_DIR }) })
}

// The sandbox and the service that calls it need the same key, and the shop lets forms lead to the pages of the provider.
function paymentSettingsOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hasStripe = env['STRIPE_SECRET_KEY'] || env['STRIPE_SECRET_KEY_FILE']
  const sandbox = env['PAYMENT_PAGE_ORIGIN'] || `http://localhost:${env['PAYMENT_SANDBOX_PORT'] || 5_001}`
  return {
    PAYMENT_SANDBOX_KEY: env['PAYMENT_SANDBOX_KEY'] || randomBytes(24).toString('hex'),
    PAYMENT_ORIGINS: env['PAYMENT_ORIGINS'] || (hasStripe ? 'https://checkout.stripe.com' : sandbox),
  }
}

// Each service listens by itself, so no two can share these.
function readOne(service: AnyService, { PORT, PROBE_PORT: _one, ...shared }: NodeJS.ProcessEnv): ServiceSettings {
  const isPublic = service.deployment.isPublic ?? false
  // Links in mails lead to the shop.
  const publicUrl = PORT && !isPublic ? { PUBLIC_URL: `http://localhost:${PORT}` } : {}
  return readServiceSettings(
    service,
    { ...publicUrl, ...shared, ...(isPublic && PORT && { PORT }) },
    { isPrefixed: true },
  )
}

// One process has one of each: these have no effect with a service's name in front.
const ofProcess = Object.keys({ ...telemetrySettings, ...databaseSettings })

/** Every variable that has an effect on the store. */
export function knownVariables(): string[] {
  const ofServices = services.flatMap((service) => {
    const prefix = prefixOf(service.name)
    const withoutEffect = ['PROBE_PORT', ...ofProcess.map((name) => prefix + name)]
    return variablesOf(settingsSchemaOf(service), ['', prefix]).filter(
      (variable) => !withoutEffect.includes(variable.replace(/_FILE$/, '')),
    )
  })
  return [...new Set([...variablesOf(processSchema), ...ofServices])]
}
