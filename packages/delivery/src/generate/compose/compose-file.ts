import { readFileSync } from 'node:fs'
import type { AnyService } from '@books/service'
import { prefixOf } from '@books/service'
import { Alias, type Document, isMap, Pair, parseDocument, Scalar, type YAMLMap } from 'yaml'
import { serviceDefaults } from '../defaults.ts'
import {
  hostVariableOf,
  isReachable,
  lines,
  listGivenSecrets,
  listGivenSettings,
  listSecretSettings,
  listWithDatabase,
  notice,
  secretNameOf,
} from '../names.ts'

const template = readFileSync(new URL('compose.template.yaml', import.meta.url), 'utf8')
const scripts = { secrets: './secrets.sh:/secrets.sh:ro', databases: './databases.sh:/databases.sh:ro' }

/** The Compose file: the template with every service added. */
export function composeFile(services: readonly AnyService[]): string {
  const document = parseDocument(template, { merge: true })
  const withDatabase = listWithDatabase(services).map(({ name }) => name)
  // Those that have a volume for their secrets.
  const owners = [...services.map(({ name }) => name), 'postgres', 'grafana']
  const wanted = [...services.flatMap(listSecretFiles), 'postgres/postgres-password', 'grafana/grafana-password']

  extend(document, 'secrets', {
    environment: { SECRETS: lines(wanted), ...givenOf(services) },
    volumes: [scripts.secrets, ...owners.map((owner) => `${owner}-secrets:/secrets/${owner}`)],
  })
  extend(document, 'databases', {
    environment: { DATABASES: lines(withDatabase) },
    volumes: [
      scripts.databases,
      ...['postgres', ...withDatabase].map((owner) => `${owner}-secrets:/secrets/${owner}:ro`),
    ],
  })
  prepend(
    mapAt(document, 'services'),
    services.map((service) => new Pair(document.createNode(service.name), serviceNode(document, service))),
  )
  for (const owner of owners) mapAt(document, 'volumes').set(`${owner}-secrets`, null)

  return `# ${notice}\n#\n${document.toString({ lineWidth: 120, nullStr: '', flowCollectionPadding: false })}`
}

function serviceNode(document: Document, service: AnyService): YAMLMap {
  const { name, port, protocol, migrations, dependencies, deployment } = service
  const { memoryMib } = { ...serviceDefaults, ...deployment }
  const node = document.createNode({
    image: `books/${name}`,
    build: {},
    mem_limit: `${memoryMib.limit}m`,
    depends_on: {
      ...(migrations
        ? { databases: { condition: 'service_completed_successfully' } }
        : { secrets: { condition: 'service_completed_successfully' } }),
      ...Object.fromEntries(Object.keys(dependencies).map((other) => [other, { condition: 'service_started' }])),
    },
    environment: environmentOf(service),
    volumes: [`${name}-secrets:/run/secrets:ro`],
    ...(isReachable(service) && { ports: [publishedPort(service)] }),
    ...(protocol === 'http' && { healthcheck: { test: healthCheck(port) } }),
  })
  if (!isMap(node)) throw new Error('a service is a map')
  merge(node, protocol === 'grpc' ? 'grpc-service' : 'http-service')
  const args = document.createNode({ SERVICE: name }) as YAMLMap
  merge(args, 'build-args')
  const build = node.get('build') as YAMLMap
  merge(build, 'build')
  build.set('args', args)
  if (protocol === 'http') merge(node.get('healthcheck') as YAMLMap, 'health-check')
  merge(node.get('environment') as YAMLMap, protocol === 'grpc' ? 'grpc-environment' : 'environment')
  return node
}

/** The files with a service's secrets, in the folder of its name. */
function listSecretFiles(service: AnyService): string[] {
  const own = listSecretSettings(service).map(secretNameOf)
  return [...(service.migrations ? ['database-url'] : []), ...own].map((file) => `${service.name}/${file}`)
}

/** The files of what the operator gives, and the variables that it is taken from when the containers start. */
function givenOf(services: readonly AnyService[]): { GIVEN?: string } {
  const given = services.flatMap((service) =>
    listGivenSecrets(service).map((setting) => `${service.name}/${secretNameOf(setting)} ${variable(setting)}`),
  )
  return given.length > 0 ? { GIVEN: lines(given) } : {}
}

function variable(name: string): string {
  return `\${${name}:-}`
}

function environmentOf(service: AnyService) {
  const secrets = [...listSecretSettings(service), ...listGivenSecrets(service)]
  return Object.fromEntries([
    ...Object.keys(service.dependencies).map((other) => [hostVariableOf(other), other]),
    ...(service.migrations ? [['DATABASE_URL_FILE', '/run/secrets/database-url']] : []),
    ...secrets.map((setting) => [`${setting}_FILE`, `/run/secrets/${secretNameOf(setting)}`]),
    ...listGivenSettings(service).map((setting) => [setting, variable(setting)]),
    ...Object.entries(service.deployment.environment ?? {}),
  ])
}

function healthCheck(port: number): string[] {
  return ['CMD', '/nodejs/bin/node', '/books/packages/rpc/src/health/probe.js', `http://127.0.0.1:${port}/readyz`]
}

/**
 * `STORE_PORT` moves the store; another service that people reach is moved by a variable of its own. What is for development is
 * reached from this machine alone.
 */
function publishedPort({ name, port, deployment }: AnyService): string {
  const variable = name === 'marketplace' ? 'STORE_PORT' : `${prefixOf(name)}PORT`
  return `${deployment.isPublic ? '' : '127.0.0.1:'}\${${variable}:-${port}}:${port}`
}

/** Adds properties to a service of the template. */
function extend(document: Document, service: string, properties: object): void {
  const node = document.getIn(['services', service])
  if (!isMap(node)) throw new Error(`the template has no service ${service}`)
  for (const [key, value] of Object.entries(properties)) node.set(key, document.createNode(value))
}

/** Puts entries before those of a map, with an empty line above each. The comment above the map is that of its first entry. */
function prepend(map: YAMLMap, entries: readonly Pair[]): void {
  const [first] = map.items
  Object.assign(first?.key ?? {}, { commentBefore: map.commentBefore, spaceBefore: true })
  map.commentBefore = null
  for (const { key } of entries.slice(1)) Object.assign(key ?? {}, { spaceBefore: true })
  map.items.unshift(...entries)
}

/** Adds a merge key (`<<: *anchor`) at the start of a map of the template. */
function merge(node: YAMLMap, anchor: string): void {
  node.items.unshift(new Pair(new Scalar('<<'), new Alias(anchor)))
}

function mapAt(document: Document, key: string): YAMLMap {
  const node = document.get(key)
  if (!isMap(node)) throw new Error(`the template has no ${key}`)
  return node
}
