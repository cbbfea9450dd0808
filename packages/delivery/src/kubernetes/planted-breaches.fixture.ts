import type { IContainer } from 'kubernetes-models/v1/Container'
import * as policies from './policies/index.ts'
import { findNamed, type Kinds, listWorkloads, type Resource } from './resources.ts'

/** A rule, the overlay that it is for unless it is for all, and changes that break it, each by the problem that is found. */
export interface Rule {
  policy: policies.Policy
  only?: string
  breaches: Record<string, (resources: Resource[]) => unknown>
}

const articles = 'Deployment articles'

/** The rules for all that is deployed. */
export const rules: Record<string, Rule> = {
  'the namespace is restricted': {
    policy: policies.namespaceIsRestricted,
    breaches: {
      'the namespace does not enforce restricted pods': (all) =>
        delete named(all, 'Namespace', 'books').metadata?.labels,
    },
  },
  'pods are restricted': {
    policy: policies.podsAreRestricted,
    breaches: {
      'Deployment articles may run as root': (all) => set(podOf(all, articles).securityContext, { runAsUser: 0 }),
      'Deployment articles may gain privileges': (all) =>
        set(containerOf(all, articles).securityContext, { allowPrivilegeEscalation: true }),
      'Deployment articles may write to its root': (all) =>
        set(containerOf(all, articles).securityContext, { readOnlyRootFilesystem: false }),
      'StatefulSet postgres keeps capabilities': (all) =>
        delete containerOf(all, 'StatefulSet postgres').securityContext?.capabilities,
    },
  },
  'pods have no token': {
    policy: policies.podsHaveNoToken,
    breaches: {
      'Deployment articles is given a token of the cluster': (all) =>
        set(podOf(all, articles), { automountServiceAccountToken: true }),
    },
  },
  'containers are bounded': {
    policy: policies.podsAreBounded,
    breaches: {
      'Deployment articles has no limits': (all) => set(containerOf(all, articles).resources, { limits: {} }),
    },
  },
  'images are pinned': {
    policy: policies.imagesArePinned,
    breaches: {
      'Deployment articles runs books/articles:latest, which is not pinned': (all) =>
        set(containerOf(all, articles), { image: 'books/articles:latest' }),
    },
  },
  'what pods name exists': {
    policy: policies.referencesExist,
    breaches: {
      'CronJob recommendations-train runs src/commands/learn.ts, which does not exist': (all) =>
        set(containerOf(all, 'CronJob recommendations-train'), { args: ['src/commands/learn.ts'] }),
    },
  },
  'variables are known': {
    policy: policies.variablesAreKnown,
    breaches: {
      'Deployment articles sets PROBE_PORTS, which articles does not read': (all) =>
        containerOf(all, articles).env?.push({ name: 'PROBE_PORTS', value: '9090' }),
    },
  },
  'secrets are secrets': {
    policy: policies.secretsAreSecrets,
    breaches: {
      'Deployment articles has DATABASE_URL in plain text': (all) =>
        containerOf(all, articles).env?.push({ name: 'DATABASE_URL', value: 'postgres://' }),
    },
  },
  'probes fit the service': {
    policy: policies.probesFitTheService,
    breaches: {
      'articles lacks a probe': (all) => delete containerOf(all, articles).startupProbe,
      'articles is restarted when something that it needs is down': (all) =>
        set(containerOf(all, articles).livenessProbe?.grpc, { service: '' }),
      'marketplace is ready without what it needs': (all) =>
        set(containerOf(all, 'Deployment marketplace').readinessProbe?.httpGet, { path: '/healthz' }),
    },
  },
  'stops fit the grace period': {
    policy: policies.stopsFitTheGracePeriod,
    breaches: {
      'articles may be killed while it stops': (all) =>
        set(podOf(all, articles), { terminationGracePeriodSeconds: 25 }),
    },
  },
  'the network is denied by default': {
    policy: policies.networkIsDeniedByDefault,
    breaches: {
      'the network is open where no policy applies': (all) =>
        set(named(all, 'NetworkPolicy', 'default-deny').spec, { policyTypes: ['Ingress'] }),
    },
  },
  'services are encrypted': {
    policy: policies.servicesAreEncrypted,
    only: 'production',
    breaches: {
      'articles does not use its certificate': (all) =>
        set(named(all, 'Certificate', 'articles').spec, { secretName: 'inventory-tls' }),
    },
  },
  'nothing is only for development': {
    policy: policies.productionHasNoSubstitutes,
    only: 'production',
    breaches: {
      'Deployment articles is only for development': (all) =>
        set(containerOf(all, articles), { image: 'books/payment-sandbox:0.1.0' }),
    },
  },
  'readers are real': {
    policy: policies.readersAreReal,
    only: 'production',
    breaches: {
      'CronJob recommendations-train simulates readers': (all) =>
        delete containerOf(all, 'CronJob recommendations-train').env,
    },
  },
}

/** Changes something that exists. */
export function set(target: object | undefined, change: object): void {
  if (!target) throw new Error(`nothing to change to ${JSON.stringify(change)}`)
  Object.assign(target, change)
}

/** The first container of a workload, such as `Deployment articles`. */
export function containerOf(all: readonly Resource[], workload: string): IContainer {
  const [first] = podOf(all, workload).containers
  if (!first) throw new Error(`${workload} has no container`)
  return first
}

function podOf(all: readonly Resource[], workload: string) {
  const found = listWorkloads(all).find(({ name }) => name === workload)
  if (!found) throw new Error(`there is no ${workload}`)
  return found.spec
}

function named<Kind extends keyof Kinds>(all: readonly Resource[], kind: Kind, name: string): Kinds[Kind] {
  const found = findNamed(all, kind, name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}
