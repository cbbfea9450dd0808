import { findNamed, listKind, listWorkloads, nameOf } from '../resources.ts'
import { containersOf, isOurs, type Policy, problems, serviceOf, variablesOf } from './policy.ts'

/** What is in a variable of such a name had better not be read in a manifest. */
const secret = /URL$|SECRET|PASSWORD/
const isPublic = (variable: string) => variable === 'PUBLIC_URL'

/** Whoever keeps data keeps it in PostgreSQL. Without its URL a service would start all the same, and forget everything. */
export const dataIsKept: Policy = (resources, services) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.filter(isOurs).flatMap((container) =>
      problems(name, {
        'keeps its data nowhere':
          'DATABASE_URL' in (services[serviceOf(container)]?.properties ?? {}) &&
          !variablesOf(resources, container)['DATABASE_URL'],
      }),
    ),
  )

/** What must not be read in a manifest comes from a Secret. */
export const secretsAreSecrets: Policy = (resources) => [
  ...listWorkloads(resources).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap(({ env = [] }) =>
      env
        .filter(
          ({ name: variable, valueFrom }) => secret.test(variable) && !isPublic(variable) && !valueFrom?.secretKeyRef,
        )
        .map(({ name: variable }) => `${name} has ${variable} in plain sight`),
    ),
  ),
  ...listKind(resources, 'ConfigMap').flatMap((map) =>
    Object.keys(map.data ?? {})
      .filter((variable) => secret.test(variable) && !isPublic(variable))
      .map((variable) => `ConfigMap ${nameOf(map)} has ${variable} in plain sight`),
  ),
]

/** Databases are brought to their newest step, and models trained, apart from those who serve. */
export const workIsDoneApart: Policy = (resources, services) => [
  ...Object.keys(services)
    .filter((name) => 'DATABASE_URL' in (services[name]?.properties ?? {}))
    .flatMap((name) => {
      const [container] = findNamed(resources, 'Job', `${name}-migrate`)?.spec?.template.spec?.containers ?? []
      return problems(name, {
        'has no Job that migrates its database':
          container?.args?.[0] !== 'src/commands/migrate.ts' || serviceOf(container) !== name,
      })
    }),
  ...listKind(resources, 'Job').flatMap(({ metadata }) =>
    problems(`Job ${metadata?.name}`, {
      // A Job cannot be changed: whoever deploys removes, by this label, those of the version before.
      'stands in the way of the next version': metadata?.labels?.['books/kind'] !== 'migration',
    }),
  ),
  ...problems('recommendations', {
    'has no Job that trains':
      findNamed(resources, 'CronJob', 'recommendations-train')?.spec?.jobTemplate.spec?.template.spec?.containers[0]
        ?.args?.[0] !== 'src/commands/train.ts',
  }),
]

/** Readers are real, whichever program opens a store that has none yet. */
export const nobodyIsMadeUp: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers
      .filter((container) => serviceOf(container) === 'recommendations' && !container.args?.[0]?.endsWith('migrate.ts'))
      .flatMap((container) =>
        problems(name, { 'makes readers up': variablesOf(resources, container)['DEMO_READERS'] !== 'false' }),
      ),
  )
