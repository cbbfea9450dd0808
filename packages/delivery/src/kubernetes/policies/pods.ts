import { existsSync } from 'node:fs'
import { settingsSchemaOf } from '@books/service'
import { findNamed, listWorkloads } from '../resources.ts'
import { containersOf, imageNameOf, isOurs, type Policy, problems, variablesOf } from './policy.ts'

const packages = new URL('../../../../', import.meta.url)

/** Every container has requests and limits. */
export const podsAreBounded: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap(({ resources: { requests = {}, limits = {} } = {} }) =>
      problems(name, {
        'has no requests': !requests['cpu'] || !requests['memory'],
        'has no limits': !limits['cpu'] || !limits['memory'],
      }),
    ),
  )

/** Every image has a tag or a digest that stays the same. */
export const imagesArePinned: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap(({ image = '' }) =>
      problems(name, {
        [`runs ${image}, which is not pinned`]: !/[:@][^/]+$/.test(image) || image.endsWith(':latest'),
      }),
    ),
  )

/** Accounts, ConfigMaps and programs that pods name exist. */
export const referencesExist: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) => [
    ...problems(name, {
      [`runs as ${spec.serviceAccountName}, which does not exist`]:
        spec.serviceAccountName !== undefined && !findNamed(resources, 'ServiceAccount', spec.serviceAccountName),
    }),
    ...containersOf(spec).flatMap((container) => [
      ...(container.envFrom ?? []).flatMap(({ configMapRef }) =>
        problems(name, {
          [`reads ${configMapRef?.name}, which does not exist`]: !findNamed(
            resources,
            'ConfigMap',
            configMapRef?.name ?? '',
          ),
        }),
      ),
      ...(isOurs(container) ? (container.args ?? ['src/main.ts']).slice(0, 1) : []).flatMap((program) =>
        problems(name, {
          [`runs ${program}, which does not exist`]: !existsSync(
            new URL(`${imageNameOf(container)}/${program}`, packages),
          ),
        }),
      ),
    ]),
  ])

/** Every variable is one that the service reads or says itself: a misspelt one would be ignored. */
export const variablesAreKnown: Policy = (resources, services) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.filter(isOurs).flatMap((container) => {
      const service = services.find(({ name }) => name === imageNameOf(container))
      const known = { ...(service && settingsSchemaOf(service).properties), ...service?.deployment.environment }
      return Object.keys(variablesOf(resources, container))
        .filter((variable) => !(variable in known))
        .map((variable) => `${name} sets ${variable}, which ${imageNameOf(container)} does not read`)
    }),
  )
