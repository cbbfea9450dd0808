import { settingsSchema as articles } from '@books/articles'
import { settingsSchema as inventory } from '@books/inventory'
import { settingsSchema as marketplace } from '@books/marketplace'
import { settingsSchema as recommendations } from '@books/recommendations'
import { describe, expect, it } from '@jest/globals'
import { checkTypes } from './check-types.ts'
import * as policies from './policies.ts'
import { hasKubectl, renderOverlay } from './render-overlay.ts'
import { findNamed, type Kinds, type Resource } from './resources.ts'

const services = { recommendations, articles, inventory, marketplace }
const overlays = ['local', 'production']

interface Rule {
  policy: policies.Policy
  /** Where it holds; in every overlay otherwise. */
  only?: string
  /** Breaks it once. */
  plant(resources: Resource[]): void
}

const rules: Record<string, Rule> = {
  'the namespace enforces restricted pods': {
    policy: policies.namespaceIsRestricted,
    plant: (resources) => void delete require(resources, 'Namespace', 'books').metadata?.labels,
  },
  'pods are restricted': {
    policy: policies.podsAreRestricted,
    plant: (resources) => edit(container(resources, 'articles').securityContext, { readOnlyRootFilesystem: false }),
  },
  'pods have no token of the cluster': {
    policy: policies.podsHaveNoToken,
    plant: (resources) => edit(pod(resources, 'inventory'), { automountServiceAccountToken: true }),
  },
  'pods are bounded': {
    policy: policies.podsAreBounded,
    plant: (resources) => edit(container(resources, 'marketplace').resources, { limits: { memory: '1Gi' } }),
  },
  'images are named exactly': {
    policy: policies.imagesAreNamed,
    plant: (resources) => edit(container(resources, 'articles'), { image: 'localhost:5000/books/articles' }),
  },
  'servers outlive their nodes': {
    policy: policies.serversOutliveTheirNodes,
    only: 'production',
    plant: (resources) =>
      edit(require(resources, 'PodDisruptionBudget', 'recommendations').spec, { maxUnavailable: 3 }),
  },
  'servers are seen pod by pod': {
    policy: policies.serversAreSeenPodByPod,
    plant: (resources) => edit(require(resources, 'Service', 'inventory').spec, { clusterIP: '' }),
  },
  'probes are native, and liveness needs nothing': {
    policy: policies.probesAreNative,
    plant: (resources) => edit(container(resources, 'recommendations').livenessProbe?.grpc, { service: '' }),
  },
  'stops are waited for': {
    policy: policies.stopsAreWaitedFor,
    plant: (resources) => edit(pod(resources, 'recommendations'), { terminationGracePeriodSeconds: 20 }),
  },
  'the network is the call graph': {
    policy: policies.networkIsTheCallGraph(services),
    plant: (resources) =>
      void resources.push(edge('articles', 'inventory', 'Egress'), edge('articles', 'inventory', 'Ingress')),
  },
  'variables are known': {
    policy: policies.variablesAreKnown(services),
    plant: (resources) =>
      void container(resources, 'marketplace').env?.push({ name: 'RECOMENDATIONS_HOST', value: 'x' }),
  },
  'secrets are secrets': {
    policy: policies.secretsAreSecrets,
    plant: (resources) =>
      void container(resources, 'articles').env?.push({ name: 'DATABASE_URL', value: 'postgres://' }),
  },
  'services are encrypted': {
    policy: policies.servicesAreEncrypted,
    only: 'production',
    plant: (resources) => edit(require(resources, 'Certificate', 'articles').spec, { secretName: 'inventory-tls' }),
  },
  'work is done apart': {
    policy: policies.workIsDoneApart(services),
    plant: (resources) => remove(resources, 'Job', 'inventory-migrate'),
  },
}

// Where a machine has no kubectl, or one of years ago, these are reported as skipped.
;(hasKubectl() ? describe : describe.skip).each(overlays)('the overlay %s', (overlay) => {
  it('is what the Kubernetes API takes, with no field that it does not know', () => {
    expect(checkTypes(renderOverlay(overlay))).toEqual([])
  })

  it('would be refused with a slip in a field', () => {
    const resources = renderOverlay(overlay)
    edit(container(resources, 'articles'), { livenesProbe: {} })

    expect(checkTypes(resources)).toEqual([expect.stringContaining('\'"livenesProbe"\' does not exist')])
  })

  const here = Object.entries(rules).filter(([, { only = overlay }]) => only === overlay)
  it.each(here)('keeps the rule that %s', (_rule, { policy }) => {
    expect(policy(renderOverlay(overlay))).toEqual([])
  })

  it.each(here)('would be caught breaking the rule that %s', (_rule, { policy, plant }) => {
    const resources = renderOverlay(overlay)
    plant(resources)

    expect(policy(resources)).not.toEqual([])
  })
})

describe('the network policies', () => {
  it('are missed where a call is not allowed', () => {
    const resources = renderOverlay('production')
    remove(resources, 'NetworkPolicy', 'inventory-from-recommendations')

    expect(policies.networkIsTheCallGraph(services)(resources)).toEqual([
      'recommendations > inventory:50053 is called and not allowed',
    ])
  })
})

function require<Kind extends keyof Kinds>(resources: Resource[], kind: Kind, name: string): Kinds[Kind] {
  const found = findNamed(resources, kind, name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}

function pod(resources: Resource[], name: string) {
  const spec = require(resources, 'Deployment', name).spec?.template.spec
  if (!spec) throw new Error(`${name} has no pods`)
  return spec
}

function container(resources: Resource[], name: string) {
  const [first] = pod(resources, name).containers
  if (!first) throw new Error(`${name} has no container`)
  return first
}

function edit(target: object | undefined, change: object): void {
  Object.assign(target ?? {}, change)
}

function remove(resources: Resource[], kind: keyof Kinds, name: string): void {
  resources.splice(resources.indexOf(require(resources, kind, name)), 1)
}

function edge(from: string, to: string, type: 'Egress' | 'Ingress'): Kinds['NetworkPolicy'] {
  const labelled = (name: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } })
  const ports = [{ port: 50_053 }]
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${from}-${to}-${type}` },
    spec:
      type === 'Egress'
        ? { ...labelled(from), policyTypes: [type], egress: [{ to: [labelled(to)], ports }] }
        : { ...labelled(to), policyTypes: [type], ingress: [{ from: [labelled(from)], ports }] },
  }
}
