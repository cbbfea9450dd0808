import type { AnyService } from '@books/service'
import { prefixOf } from '@books/service'

/** What stands at the head of every file that is written from the list of services. */
export const notice = 'Written by `make deployment` from the list of services and their definitions: do not edit.'

/** The variable that tells a service where another one is. */
export function hostVariableOf(service: string): string {
  return `${prefixOf(service)}HOST`
}

/** The settings of a service that are secrets: random values that all of its replicas share. */
export function listSecretSettings(service: AnyService): string[] {
  return listSettings(service, ({ secret, given }) => secret === true && !given)
}

/** The secrets of a service that the operator gives, if any. */
export function listGivenSecrets(service: AnyService): string[] {
  return listSettings(service, ({ secret, given }) => secret === true && given === true)
}

/** The other settings of a service that the operator gives, if any. */
export function listGivenSettings(service: AnyService): string[] {
  return listSettings(service, ({ secret, given }) => !secret && given === true)
}

/** Those of its secrets that a deployment in production has no use for. */
export function listDevelopmentSecrets(service: AnyService): string[] {
  return listSettings(service, ({ development }) => development === true)
}

interface SettingSchema {
  secret?: boolean
  given?: boolean
  development?: boolean
}

function listSettings({ settings }: AnyService, is: (schema: SettingSchema) => boolean): string[] {
  return Object.entries(settings).flatMap(([name, schema]) => (is(schema as SettingSchema) ? [name] : []))
}

/** The name of the file that holds a secret, and of its key in Kubernetes: `cookie-secret` for COOKIE_SECRET. */
export function secretNameOf(setting: string): string {
  return setting.toLowerCase().replaceAll('_', '-')
}

/** The services that keep data in a database of their own. */
export function listWithDatabase(services: readonly AnyService[]): AnyService[] {
  return services.filter(({ migrations }) => migrations !== undefined)
}

/** Whether people reach a service from outside: in a deployment for development also the pages of what is only for that. */
export function isReachable({ protocol, deployment }: AnyService): boolean {
  return deployment.isPublic === true || (deployment.isDevelopmentOnly === true && protocol === 'http')
}

/** The services that are deployed in production. */
export function listForProduction(services: readonly AnyService[]): AnyService[] {
  return services.filter(({ deployment }) => !deployment.isDevelopmentOnly)
}

/** A list of words for a shell script or a query, each on a line of its own where people read it. */
export function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('')
}
