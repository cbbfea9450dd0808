import { existsSync } from 'node:fs'
import { findNamed, listWorkloads } from '../resources.ts'
import { containersOf, isOurs, type Policy, problems, serviceOf, variablesOf } from './policy.ts'

const packages = new URL('../../../../', import.meta.url)

/** No pod starves its neighbours, and each is placed where it has room. */
export const podsAreBounded: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap(({ resources: { requests = {}, limits = {} } = {} }) =>
      problems(name, {
        'does not say what it needs': !requests['cpu'] || !requests['memory'],
        'has no limits': !limits['cpu'] || !limits['memory'],
      }),
    ),
  )

/** What runs is what was tried. */
export const imagesAreNamed: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap(({ image = '' }) =>
      problems(name, {
        [`runs ${image}, which may be anything`]: !/[:@][^/]+$/.test(image) || image.endsWith(':latest'),
      }),
    ),
  )

/** A program, an account or a ConfigMap with a slip in its name would be found out by whoever deploys it. */
export const podsHaveWhatTheyName: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) => [
    ...problems(name, {
      [`runs as ${spec.serviceAccountName}, whom there is not`]:
        spec.serviceAccountName !== undefined && !findNamed(resources, 'ServiceAccount', spec.serviceAccountName),
    }),
    ...containersOf(spec).flatMap((container) => [
      ...(container.envFrom ?? []).flatMap(({ configMapRef }) =>
        problems(name, {
          [`reads ${configMapRef?.name}, which there is not`]: !findNamed(
            resources,
            'ConfigMap',
            configMapRef?.name ?? '',
          ),
        }),
      ),
      ...(isOurs(container) ? (container.args ?? ['src/main.ts']).slice(0, 1) : []).flatMap((program) =>
        problems(name, {
          [`runs ${program}, which there is not`]: !existsSync(new URL(`${serviceOf(container)}/${program}`, packages)),
        }),
      ),
    ]),
  ])

/** A variable with a slip in its name would be passed over in silence. */
export const variablesAreKnown: Policy = (resources, services) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.filter(isOurs).flatMap((container) => {
      const known = services[serviceOf(container)]?.properties ?? {}
      return Object.keys(variablesOf(resources, container))
        .filter((variable) => !(variable in known))
        .map((variable) => `${name} sets ${variable}, which ${serviceOf(container)} does not read`)
    }),
  )
