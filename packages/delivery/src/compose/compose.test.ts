import { settingsSchemaOf } from '@books/service'
import { services as definitions } from '@books/store/services'
import { describe, expect, it } from '@jest/globals'
import { type ComposeFile, type ComposeService, readComposeFile } from './compose-file.ts'
import * as policies from './policies.ts'

const services = Object.fromEntries(definitions.map((service) => [service.name, settingsSchemaOf(service)]))

interface Rule {
  policy: policies.Policy
  /** Breaks it once. */
  plant(file: ComposeFile): void
}

const rules: Record<string, Rule> = {
  'containers are hardened': {
    policy: policies.containersAreHardened,
    plant: (file) => void delete container(file, 'postgres').cap_drop,
  },
  'images are pinned': {
    policy: policies.imagesArePinned,
    plant: (file) => Object.assign(container(file, 'grafana'), { image: `\${GRAFANA_IMAGE:-grafana/grafana:latest}` }),
  },
  'health is asked for': {
    policy: policies.healthIsAsked,
    plant: (file) => Object.assign(container(file, 'articles'), { healthcheck: { test: ['CMD-SHELL', 'true'] } }),
  },
  'stops are waited for': {
    policy: policies.stopsAreWaitedFor,
    plant: (file) => void delete container(file, 'inventory').stop_grace_period,
  },
  'secrets are files': {
    policy: policies.secretsAreFiles,
    plant: (file) => Object.assign(container(file, 'articles').environment ?? {}, { DATABASE_URL: 'postgres://' }),
  },
  'watchers are optional': {
    policy: policies.watchersAreOptional,
    plant: (file) => void delete container(file, 'prometheus').profiles,
  },
  'doors are few': {
    policy: policies.doorsAreFew,
    plant: (file) => Object.assign(container(file, 'postgres'), { ports: ['5432:5432'] }),
  },
  'starts are in order': {
    policy: policies.startsAreInOrder(services),
    plant: (file) => Object.assign(container(file, 'recommendations'), { depends_on: { postgres: {} } }),
  },
  'variables are known': {
    policy: policies.variablesAreKnown(services),
    plant: (file) => Object.assign(container(file, 'marketplace').environment ?? {}, { RECOMENDATIONS_HOST: 'x' }),
  },
}

describe('the store in containers', () => {
  it.each(Object.entries(rules))('keeps the rule that %s', (_rule, { policy }) => {
    expect(policy(readComposeFile('compose.yaml'))).toEqual([])
  })

  it.each(Object.entries(rules))('would be caught breaking the rule that %s', (_rule, { policy, plant }) => {
    const file = readComposeFile('compose.yaml')
    plant(file)

    expect(policy(file)).toHaveLength(1)
  })

  it('has every service, its database, and who watches them', () => {
    const watchers = ['collector', 'grafana', 'prometheus']

    expect(Object.keys(readComposeFile('compose.yaml').services).toSorted()).toEqual(
      [...Object.keys(services), 'postgres', ...watchers].toSorted(),
    )
  })

  it('shows a certificate of its own for each service, where it is encrypted', () => {
    const encrypted = readComposeFile('compose.tls.yaml').services

    expect(Object.keys(encrypted).toSorted()).toEqual(Object.keys(services).toSorted())
    for (const [name, { environment, volumes }] of Object.entries(encrypted)) {
      expect(environment).toEqual({ TLS_CA: '/certs/ca.crt', TLS_CERT: '/certs/tls.crt', TLS_KEY: '/certs/tls.key' })
      expect(volumes).toEqual([`./secrets/tls/${name}:/certs:ro`])
    }
  })
})

function container({ services }: ComposeFile, name: string): ComposeService {
  const found = services[name]
  if (!found) throw new Error(`there is no container ${name}`)
  return found
}
