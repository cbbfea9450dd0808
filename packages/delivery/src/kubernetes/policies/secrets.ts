import { listKind, listWorkloads, nameOf } from '../resources.ts'
import { containersOf, type Policy } from './policy.ts'

/** Variables whose value must not be in a manifest, by their names. */
const isSecret = (variable: string) =>
  /URL$|SECRET|PASSWORD|TOKEN/.test(variable) && !['PUBLIC_URL', 'WEBHOOK_URL'].includes(variable)

/** Passwords and keys come from Secrets. */
export const secretsAreSecrets: Policy = (resources) => [
  ...listWorkloads(resources).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap(({ env = [] }) =>
      env
        .filter(({ name: variable, valueFrom }) => isSecret(variable) && !valueFrom?.secretKeyRef)
        .map(({ name: variable }) => `${name} has ${variable} in plain text`),
    ),
  ),
  ...listKind(resources, 'ConfigMap').flatMap((map) =>
    Object.keys(map.data ?? {})
      .filter(isSecret)
      .map((variable) => `ConfigMap ${nameOf(map)} has ${variable} in plain text`),
  ),
]
