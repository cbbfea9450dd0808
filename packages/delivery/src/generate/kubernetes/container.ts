import type { AnyService, Range } from '@books/service'
import type { IContainer } from 'kubernetes-models/v1/Container'
import type { IEnvVar } from 'kubernetes-models/v1/EnvVar'
import {
  listDevelopmentSecrets,
  listGivenSecrets,
  listGivenSettings,
  listSecretSettings,
  secretNameOf,
} from '../names.ts'

/** A container that runs the image of a service. */
export function containerOf(
  service: AnyService,
  {
    name,
    memoryMib,
    cpuMillis,
    ...container
  }: Omit<IContainer, 'image' | 'resources'> & Record<'memoryMib' | 'cpuMillis', Range>,
): IContainer {
  const quantitiesOf = (bound: keyof Range) => ({ cpu: cpu(cpuMillis[bound]), memory: memory(memoryMib[bound]) })
  return {
    name,
    image: `books/${service.name}`,
    ...container,
    resources: { requests: quantitiesOf('request'), limits: quantitiesOf('limit') },
  }
}

/** The variable with the URL of a service's database. */
export function databaseVariable({ name }: AnyService): IEnvVar {
  return variableFromSecret('DATABASE_URL', `${name}-database`, 'url')
}

/**
 * The variables with the secrets of a service, with those that are only for development, and with what the operator gives: keys that
 * the Secret need not have.
 */
export function secretVariablesOf(service: AnyService): IEnvVar[] {
  const secret = `${service.name}-secrets`
  const forDevelopment = listDevelopmentSecrets(service)
  const needed = listSecretSettings(service).filter((setting) => !forDevelopment.includes(setting))
  const optional = [...forDevelopment, ...listGivenSecrets(service), ...listGivenSettings(service)]
  return [
    ...needed.map((setting) => variableFromSecret(setting, secret, secretNameOf(setting))),
    ...optional.map((setting) => variableFromSecret(setting, secret, secretNameOf(setting), { optional: true })),
  ]
}

function variableFromSecret(name: string, secret: string, key: string, options: { optional?: true } = {}): IEnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key, ...options } } }
}

function cpu(millis: number): string {
  return millis % 1_000 === 0 ? String(millis / 1_000) : `${millis}m`
}

function memory(mib: number): string {
  return mib % 1_024 === 0 ? `${mib / 1_024}Gi` : `${mib}Mi`
}
