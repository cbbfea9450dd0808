import { describe, expect, it } from '@jest/globals'
import { type ComposeFile, type ComposeService, readComposeFile } from './compose-file.ts'
import * as policies from './policies.ts'

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
  'health is checked': {
    policy: policies.healthIsChecked,
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
  'ports are local': {
    policy: policies.portsAreLocal,
    plant: (file) => Object.assign(container(file, 'postgres'), { ports: ['5432:5432'] }),
  },
}

describe.each(Object.entries(rules))('the rule that %s', (_rule, { policy, plant }) => {
  it('is kept', () => {
    expect(policy(readComposeFile('compose.yaml'))).toEqual([])
  })

  it('finds what breaks it', () => {
    const file = readComposeFile('compose.yaml')
    plant(file)

    expect(policy(file)).toHaveLength(1)
  })
})

function container({ services }: ComposeFile, name: string): ComposeService {
  const found = services[name]
  if (!found) throw new Error(`there is no container ${name}`)
  return found
}
