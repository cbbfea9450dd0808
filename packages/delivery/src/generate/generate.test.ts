import { InventoryServiceService } from '@books/proto'
import { givenSecretSetting, givenSetting, secretSetting } from '@books/runtime'
import { defineService, defineWebService, dependency, httpDependency } from '@books/service'
import { services } from '@books/store/services'
import { describe, expect, it } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { findDifferences } from './differences.ts'
import { generateFiles } from './files.ts'

/** A service that the store does not have. */
const unlisted = defineService({
  name: 'unlisted',
  port: 50_099,
  settings: { CARD_SECRET: secretSetting(), PROVIDER_URL: givenSecretSetting(), SENDER: givenSetting() },
  migrations: new URL('file:///unlisted/migrations/'),
  dependencies: { inventory: dependency(InventoryServiceService, { port: 50_053 }) },
  deployment: {
    memoryMib: { request: 1_024, limit: 2_048 },
    cpuMillis: { request: 150, limit: 3_000 },
    replicas: { min: 1, max: 2 },
    egressPorts: [465],
    jobs: { expire: { schedule: '0 3 * * *', command: ['src/commands/expire.ts'] } },
  },
  start: async () => ({ services: [] }),
})
const files = generateFiles([...services, unlisted])

/** A service that production has elsewhere, and one that depends on it by HTTP. */
const pretending = defineWebService({
  name: 'pretending',
  port: 5_099,
  settings: { SHARED_KEY: secretSetting({ isDevelopmentOnly: true }) },
  deployment: { isDevelopmentOnly: true, environment: { EVENTS_URL: 'http://marketplace:5000/events' } },
  start: async () => ({ port: 5_099, async stop() {} }),
})
const paying = defineService({
  name: 'paying',
  port: 50_098,
  settings: { SHARED_KEY: secretSetting({ isDevelopmentOnly: true }) },
  dependencies: { pretending: httpDependency({ port: 5_099 }) },
  start: async () => ({ services: [] }),
})
const filesForDevelopment = generateFiles([...services, pretending, paying])

describe('the generated files', () => {
  it('are in the repository as they are generated; `make deployment` writes them', () => {
    const differences = findDifferences(generateFiles(services)).map(({ path, problem }) => `${path} ${problem}`)

    expect(differences).toEqual([])
  })

  it('differ once there is a service more, in every place that has to know it', () => {
    expect(findDifferences(files).map(({ path, problem }) => `${path} ${problem}`)).toEqual([
      'README.md differs',
      'docker/services.txt differs',
      'docker/compose.yaml differs',
      'docker/compose.tls.yaml differs',
      'kubernetes/base/services/kustomization.yaml differs',
      'kubernetes/base/services/inventory.yaml differs',
      'kubernetes/base/services/unlisted.yaml is missing',
      'kubernetes/overlays/local/services/kustomization.yaml differs',
      'kubernetes/overlays/production/services/kustomization.yaml differs',
      'kubernetes/overlays/production/services/certificates.yaml differs',
      'kubernetes/overlays/production/services/certificate-volumes.yaml differs',
      'observability/prometheus/prometheus.yaml differs',
      'observability/prometheus/service-rules.yaml differs',
      'observability/prometheus/service-rules.test.yaml differs',
    ])
  })

  it('lose what belongs to a service that is gone', () => {
    const fewer = findDifferences(generateFiles(services.filter(({ name }) => name !== 'articles')))

    expect(fewer).toContainEqual({
      path: 'kubernetes/base/services/articles.yaml',
      problem: 'is not generated any more',
    })
  })
})

describe('a service in Compose', () => {
  it('is built by its name, started after its database, and has the paths of its secrets', () => {
    const { services: containers, volumes } = parse(textOf('docker/compose.yaml'), { merge: true })

    expect(containers['unlisted']).toMatchObject({
      image: 'books/unlisted',
      build: { context: '..', dockerfile: 'docker/service.Dockerfile', args: { SERVICE: 'unlisted' } },
      mem_limit: '2048m',
      depends_on: {
        databases: { condition: 'service_completed_successfully' },
        inventory: { condition: 'service_started' },
      },
      environment: {
        INVENTORY_HOST: 'inventory',
        DATABASE_URL_FILE: '/run/secrets/database-url',
        CARD_SECRET_FILE: '/run/secrets/card-secret',
        PROVIDER_URL_FILE: '/run/secrets/provider-url',
        SENDER: '${SENDER:-}',
      },
      volumes: ['unlisted-secrets:/run/secrets:ro'],
    })
    expect(containers.secrets.environment.SECRETS).toContain('unlisted/database-url\nunlisted/card-secret\n')
    expect(containers.secrets.environment.SECRETS).not.toContain('provider-url')
    expect(containers.secrets.environment.GIVEN).toContain('unlisted/provider-url ${PROVIDER_URL:-}\n')
    expect(containers.secrets.volumes).toContain('unlisted-secrets:/secrets/unlisted')
    expect(containers.databases.environment.DATABASES).toContain('unlisted')
    expect(containers.databases.volumes).toContain('unlisted-secrets:/secrets/unlisted:ro')
    expect(Object.keys(volumes)).toContain('unlisted-secrets')
  })
})

describe('a service in Kubernetes', () => {
  const resources = parseAllDocuments(textOf('kubernetes/base/services/unlisted.yaml')).map((each) => each.toJS())
  const find = (kind: string, name = 'unlisted') =>
    resources.find((resource) => resource.kind === kind && resource.metadata.name === name)?.spec

  it('has the resources and replicas of its definition', () => {
    const { replicas, template } = find('Deployment')

    expect(replicas).toBe(1)
    expect(template.spec.containers[0].resources).toEqual({
      requests: { cpu: '150m', memory: '1Gi' },
      limits: { cpu: '3', memory: '2Gi' },
    })
    expect(find('HorizontalPodAutoscaler')).toMatchObject({ minReplicas: 1, maxReplicas: 2 })
  })

  it('may call what it depends on, and be called by what depends on it', () => {
    const inventory = parseAllDocuments(textOf('kubernetes/base/services/inventory.yaml'))
      .map((each) => each.toJS())
      .find(({ kind }) => kind === 'NetworkPolicy')
    const peer = (name: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } })

    expect(find('NetworkPolicy').egress).toEqual([
      { to: [peer('inventory')], ports: [{ port: 50_053 }] },
      { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }], ports: [{ port: 465 }] },
    ])
    expect(find('NetworkPolicy').ingress).toBeUndefined()
    const callers = [...services, unlisted].filter(({ dependencies }) => 'inventory' in dependencies)
    expect(inventory.spec.ingress).toEqual([{ from: callers.map(({ name }) => peer(name)), ports: [{ port: 50_053 }] }])
    expect(inventory.spec.egress).toBeUndefined()
  })

  it('has a Job for its migrations, and one for each command with a schedule', () => {
    const { schedule, jobTemplate } = find('CronJob', 'unlisted-expire')

    expect(find('Job', 'unlisted-migrate').template.spec.containers[0].args).toEqual(['src/commands/migrate.ts'])
    expect(schedule).toBe('0 3 * * *')
    expect(jobTemplate.spec.template.spec.containers[0].args).toEqual(['src/commands/expire.ts'])
  })

  it('reads its secrets from Secrets of its own', () => {
    const [{ env }] = find('Deployment').template.spec.containers
    const fromSecret = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } })

    expect(env).toContainEqual({ name: 'CARD_SECRET', ...fromSecret('unlisted-secrets', 'card-secret') })
    expect(env).toContainEqual({ name: 'DATABASE_URL', ...fromSecret('unlisted-database', 'url') })
  })

  it('takes what the operator gives from the same Secret, and starts without it', () => {
    const [{ env }] = find('Deployment').template.spec.containers
    const optional = (key: string) => ({
      valueFrom: { secretKeyRef: { name: 'unlisted-secrets', key, optional: true } },
    })

    expect(env).toContainEqual({ name: 'PROVIDER_URL', ...optional('provider-url') })
    expect(env).toContainEqual({ name: 'SENDER', ...optional('sender') })
    expect(textOf('kubernetes/overlays/local/services/kustomization.yaml')).not.toMatch(/provider-url|sender=/)
  })
})

describe('a service that is only for development', () => {
  const read = (path: string) =>
    parseAllDocuments(filesForDevelopment.get(path) ?? '', { merge: true }).map((document) => document.toJS({}))
  const [compose] = read('docker/compose.yaml')

  it('is reached from this machine in Compose, and has the same secret as the service that calls it', () => {
    expect(compose.services.pretending).toMatchObject({
      ports: ['127.0.0.1:${PRETENDING_PORT:-5099}:5099'],
      environment: { SHARED_KEY_FILE: '/run/secrets/shared-key', EVENTS_URL: 'http://marketplace:5000/events' },
    })
    expect(compose.services.marketplace.ports).toEqual(['${STORE_PORT:-5000}:5000'])
    expect(compose.services.paying.environment).toMatchObject({ PRETENDING_HOST: 'pretending' })
    expect(compose.services.secrets.environment.SECRETS).toContain('pretending/shared-key\npaying/shared-key\n')
  })

  it('is reached in a local cluster: by its callers on the port that they know, and from the machine', () => {
    const resources = read('kubernetes/base/services/pretending.yaml')
    const find = (kind: string) => resources.filter((resource) => resource.kind === kind)
    const from = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'paying' } } }]
    const [cluster] = read('kubernetes/overlays/local/services/kind.yaml')

    expect(find('NetworkPolicy')[0].spec.ingress).toEqual([{ from, ports: [{ port: 5_099 }] }])
    expect(find('Service')[0].spec.ports).toContainEqual(expect.objectContaining({ port: 5_099 }))
    expect(cluster.nodes[0].extraPortMappings).toContainEqual({
      containerPort: 30_599,
      hostPort: 5_099,
      listenAddress: '127.0.0.1',
    })
    expect(JSON.stringify(read('kubernetes/overlays/local/services/kustomization.yaml'))).toContain('shared-key=')
  })

  it('is not in production, where the services that call it start without its secret', () => {
    const [{ patches, images }] = read('kubernetes/overlays/production/services/kustomization.yaml')
    const removed = patches.slice(1).map(({ patch }: { patch: string }) => parse(patch))
    const names = read('kubernetes/base/services/pretending.yaml').map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    )
    const deployment = read('kubernetes/base/services/paying.yaml').find(({ kind }) => kind === 'Deployment')

    expect(removed.every((each: { $patch: string }) => each.$patch === 'delete')).toBe(true)
    expect(
      removed.map(({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind} ${metadata.name}`),
    ).toEqual(expect.arrayContaining(names))
    expect(JSON.stringify(images)).not.toContain('pretending')
    for (const path of [
      'overlays/production/services/certificates.yaml',
      'overlays/production/services/certificate-volumes.yaml',
    ])
      expect(filesForDevelopment.get(`kubernetes/${path}`)).not.toContain('pretending')
    expect(filesForDevelopment.get('observability/prometheus/service-rules.yaml')).not.toContain('pretending')
    expect(deployment.spec.template.spec.containers[0].env).toContainEqual({
      name: 'SHARED_KEY',
      valueFrom: { secretKeyRef: { name: 'paying-secrets', key: 'shared-key', optional: true } },
    })
  })
})

function textOf(path: string): string {
  return files.get(path) ?? ''
}
