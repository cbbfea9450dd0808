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

interface SettingSchema {
  secret?: boolean
  given?: boolean
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

/** The services that people reach from outside. */
export function listPublic(services: readonly AnyService[]): AnyService[] {
  return services.filter(({ deployment }) => deployment.isPublic)
}

/** A list of words for a shell script or a query, each on a line of its own where people read it. */
export function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('')
}
