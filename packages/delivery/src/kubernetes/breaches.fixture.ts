import * as policies from './policies/index.ts'
import { findNamed, type Kinds, type Resource } from './resources.ts'

/** A rule, and ways to break it. */
export interface Rule {
  policy: policies.Policy
  /** Where it holds; in every overlay otherwise. */
  only?: string
  /** Each breaks it once, and is named as the rule tells of it. */
  breaches: Record<string, (resources: Resource[]) => unknown>
}

/** The rules that the store is deployed by, each with a breach of every part of it. */
export const rules: Record<string, Rule> = {
  'the namespace enforces restricted pods': {
    policy: policies.namespaceIsRestricted,
    breaches: {
      'the namespace does not enforce restricted pods': (all) =>
        delete named(all, 'Namespace', 'books').metadata?.labels,
      'the namespace is not there, or not the only one': (all) => remove(all, 'Namespace', 'books'),
    },
  },
  'pods are restricted': {
    policy: policies.podsAreRestricted,
    breaches: {
      'Deployment articles may run as root': (all) => edit(pod(all, 'articles').securityContext, { runAsUser: 0 }),
      'Deployment articles has no seccomp profile': (all) =>
        delete pod(all, 'articles').securityContext?.seccompProfile,
      'Deployment articles shares something with its node': (all) => edit(pod(all, 'articles'), { hostPID: true }),
      'Deployment articles mounts what is not its own': (all) =>
        edit(pod(all, 'articles'), { volumes: [{ name: 'node', hostPath: { path: '/' } }] }),
      'Deployment articles has a container that says otherwise': (all) =>
        edit(container(all, 'articles').securityContext, { runAsUser: 0 }),
      'Deployment articles is privileged': (all) =>
        edit(container(all, 'articles').securityContext, { privileged: true }),
      'Deployment articles may gain privileges': (all) =>
        edit(container(all, 'articles').securityContext, { allowPrivilegeEscalation: true }),
      'Deployment articles keeps capabilities': (all) =>
        delete container(all, 'articles').securityContext?.capabilities,
      'Deployment articles adds capabilities': (all) =>
        edit(container(all, 'articles').securityContext?.capabilities, { add: ['NET_ADMIN'] }),
      'Deployment articles may write to its root': (all) =>
        edit(container(all, 'articles').securityContext, { readOnlyRootFilesystem: false }),
      'Deployment articles takes a port of its node': (all) =>
        container(all, 'articles').ports?.push({ containerPort: 1, hostPort: 1 }),
      'Job articles-migrate may run as root': (all) =>
        edit(named(all, 'Job', 'articles-migrate').spec?.template.spec?.securityContext, { runAsNonRoot: false }),
    },
  },
  'pods have no token of the cluster': {
    policy: policies.podsHaveNoToken,
    breaches: {
      'Deployment inventory is given a token of the cluster': (all) =>
        edit(pod(all, 'inventory'), { automountServiceAccountToken: true }),
      'ServiceAccount inventory gives tokens of the cluster away': (all) =>
        delete named(all, 'ServiceAccount', 'inventory').automountServiceAccountToken,
    },
  },
  'pods are bounded': {
    policy: policies.podsAreBounded,
    breaches: {
      'Deployment marketplace has no limits': (all) =>
        edit(container(all, 'marketplace').resources, { limits: { memory: '1Gi' } }),
      'CronJob recommendations-train does not say what it needs': (all) =>
        delete training(all).resources?.requests?.['memory'],
    },
  },
  'images are named exactly': {
    policy: policies.imagesAreNamed,
    breaches: {
      'Deployment articles runs localhost:5000/books/articles, which may be anything': (all) =>
        edit(container(all, 'articles'), { image: 'localhost:5000/books/articles' }),
      'Deployment articles runs books/articles:latest, which may be anything': (all) =>
        edit(container(all, 'articles'), { image: 'books/articles:latest' }),
    },
  },
  'what pods name is there': {
    policy: policies.podsHaveWhatTheyName,
    breaches: {
      'Deployment articles runs as article, whom there is not': (all) =>
        edit(pod(all, 'articles'), { serviceAccountName: 'article' }),
      'Deployment articles reads every-servant, which there is not': (all) =>
        edit(container(all, 'articles').envFrom?.at(-1)?.configMapRef, { name: 'every-servant' }),
      'CronJob recommendations-train runs src/commands/learn.ts, which there is not': (all) =>
        edit(training(all), { args: ['src/commands/learn.ts'] }),
    },
  },
  'variables are known': {
    policy: policies.variablesAreKnown,
    breaches: {
      'Deployment marketplace sets RECOMENDATIONS_HOST, which marketplace does not read': (all) =>
        container(all, 'marketplace').env?.push({ name: 'RECOMENDATIONS_HOST', value: 'x' }),
    },
  },
  'data is kept': {
    policy: policies.dataIsKept,
    breaches: {
      'Deployment inventory keeps its data nowhere': (all) => unset(container(all, 'inventory'), 'DATABASE_URL'),
    },
  },
  'secrets are secrets': {
    policy: policies.secretsAreSecrets,
    breaches: {
      'Deployment articles has DATABASE_URL in plain sight': (all) =>
        container(all, 'articles').env?.push({ name: 'DATABASE_URL', value: 'postgres://' }),
      'ConfigMap plain has COOKIE_SECRET in plain sight': (all) =>
        all.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain' }, data: { COOKIE_SECRET: 'x' } }),
    },
  },
  'work is done apart': {
    policy: policies.workIsDoneApart,
    breaches: {
      'inventory has no Job that migrates its database': (all) => remove(all, 'Job', 'inventory-migrate'),
      'Job articles-migrate stands in the way of the next version': (all) =>
        delete named(all, 'Job', 'articles-migrate').metadata?.labels,
      'recommendations has no Job that trains': (all) => remove(all, 'CronJob', 'recommendations-train'),
    },
  },
  'nobody is made up': {
    policy: policies.nobodyIsMadeUp,
    only: 'production',
    breaches: { 'CronJob recommendations-train makes readers up': (all) => unset(training(all), 'DEMO_READERS') },
  },
  'every service is deployed': {
    policy: policies.servicesAreDeployed,
    breaches: { 'articles is not deployed': (all) => remove(all, 'Deployment', 'articles') },
  },
  'services outlive their nodes': {
    policy: policies.servicesOutliveTheirNodes,
    only: 'production',
    breaches: {
      'inventory has fewer than three replicas': (all) =>
        edit(named(all, 'Deployment', 'inventory').spec, { replicas: 2 }),
      'inventory is scaled below three replicas': (all) => edit(scaler(all, 'inventory'), { minReplicas: 2 }),
      'inventory is not scaled': (all) => edit(scaler(all, 'inventory')?.scaleTargetRef, { name: 'articles' }),
      'inventory may be disrupted as a whole': (all) =>
        edit(named(all, 'PodDisruptionBudget', 'inventory').spec, { maxUnavailable: 3 }),
      'inventory is not spread over nodes': (all) => delete pod(all, 'inventory').topologySpreadConstraints,
    },
  },
  'services are reached': {
    policy: policies.servicesAreReached,
    breaches: {
      'inventory is not headless': (all) => edit(named(all, 'Service', 'inventory').spec, { clusterIP: '' }),
      'inventory is reached at a port that it does not open': (all) =>
        edit(named(all, 'Service', 'inventory').spec?.ports?.[0], { port: 50_099 }),
      'inventory listens at a port that it does not open': (all) =>
        edit(variable(container(all, 'inventory'), 'PORT'), { value: '50099' }),
      'marketplace is selected by another name': (all) =>
        edit(named(all, 'Service', 'marketplace').spec?.selector, { [policies.nameLabel]: 'shop' }),
    },
  },
  'probes are native, and liveness needs nothing': {
    policy: policies.probesAreNative,
    breaches: {
      'articles lacks a probe': (all) => delete container(all, 'articles').startupProbe,
      'recommendations dies of what it needs': (all) =>
        edit(container(all, 'recommendations').livenessProbe?.grpc, { service: '' }),
      'recommendations is asked where it does not answer': (all) =>
        edit(container(all, 'recommendations').readinessProbe?.grpc, { port: 50_051 }),
      'recommendations is ready without what it needs': (all) =>
        edit(container(all, 'recommendations').readinessProbe?.grpc, { service: 'live' }),
      'marketplace dies of what it needs': (all) =>
        edit(container(all, 'marketplace').startupProbe?.httpGet, { path: '/readyz' }),
    },
  },
  'stops are waited for': {
    policy: policies.stopsAreWaitedFor,
    breaches: {
      'recommendations may be killed while it stops': (all) =>
        edit(pod(all, 'recommendations'), { terminationGracePeriodSeconds: 30 }),
      'marketplace goes before load balancers know': (all) => delete container(all, 'marketplace').lifecycle,
      'inventory gives up before its calls have ended': (all) =>
        container(all, 'inventory').env?.push({ name: 'DRAIN_MS', value: '15000' }),
    },
  },
  'the network is the call graph': {
    policy: policies.networkIsTheCallGraph,
    breaches: {
      'articles > inventory:50053 is allowed and not called': (all) =>
        all.push(
          leave('articles', { to: [to('inventory')], ports: [{ port: 50_053 }] }),
          enter('inventory', 'articles'),
        ),
      'articles > {books/ingress=true}:443 is allowed and not called': (all) =>
        all.push(
          leave('articles', {
            to: [{ namespaceSelector: { matchLabels: { 'books/ingress': 'true' } } }],
            ports: [{ port: 443 }],
          }),
        ),
      'articles > anybody:443 is allowed and not called': (all) =>
        all.push(leave('articles', { ports: [{ port: 443 }] })),
      'articles > addresses:* is allowed and not called': (all) =>
        all.push(leave('articles', { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] })),
      'articles-migrate > inventory:50053 is allowed and not called': (all) =>
        all.push(
          leave('articles-migrate', { to: [to('inventory')], ports: [{ port: 50_053 }] }),
          enter('inventory', 'articles-migrate'),
        ),
      'recommendations > inventory:50053 is called and not allowed': (all) =>
        remove(all, 'NetworkPolicy', 'inventory-from-recommendations'),
      'the network is open where nothing is said': (all) =>
        edit(named(all, 'NetworkPolicy', 'default-deny').spec, { policyTypes: ['Ingress'] }),
    },
  },
  'services are encrypted': {
    policy: policies.servicesAreEncrypted,
    only: 'production',
    breaches: {
      'articles has the certificate of another': (all) => edit(certificate(all), { secretName: 'inventory-tls' }),
      'articles does not use its certificate': (all) =>
        edit(variable(container(all, 'articles'), 'TLS_KEY'), { value: '/other/tls.key' }),
      'articles does not see its certificate renewed': (all) =>
        edit(container(all, 'articles').volumeMounts?.[0], { subPath: 'tls.crt' }),
      'articles is not certified by its name': (all) => edit(certificate(all), { dnsNames: ['article'] }),
      "articles is not certified by the store's authority": (all) =>
        edit(certificate(all)?.issuerRef, { name: 'books-root' }),
      'articles may not call and serve by it': (all) => edit(certificate(all), { usages: ['server auth'] }),
    },
  },
}

function named<Kind extends keyof Kinds>(all: Resource[], kind: Kind, name: string): Kinds[Kind] {
  const found = findNamed(all, kind, name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}

function pod(all: Resource[], name: string) {
  const spec = named(all, 'Deployment', name).spec?.template.spec
  if (!spec) throw new Error(`${name} has no pods`)
  return spec
}

/** The first container of a Deployment. */
export function container(all: Resource[], name: string) {
  const [first] = pod(all, name).containers
  if (!first) throw new Error(`${name} has no container`)
  return first
}

function training(all: Resource[]) {
  const [first] = named(all, 'CronJob', 'recommendations-train').spec?.jobTemplate.spec?.template.spec?.containers ?? []
  if (!first) throw new Error('the training has no container')
  return first
}

function scaler(all: Resource[], name: string) {
  return named(all, 'HorizontalPodAutoscaler', name).spec
}

function certificate(all: Resource[]) {
  return named(all, 'Certificate', 'articles').spec
}

type Container = ReturnType<typeof container>

function variable({ env = [] }: Container, name: string) {
  return env.find((one) => one.name === name)
}

function unset(target: Container, name: string): void {
  target.env = target.env?.filter((one) => one.name !== name) ?? []
}

/** Breaks something that is there. */
export function edit(target: object | undefined, change: object): void {
  if (!target) throw new Error(`there is nothing to change to ${JSON.stringify(change)}`)
  Object.assign(target, change)
}

function remove(all: Resource[], kind: keyof Kinds, name: string): void {
  all.splice(all.indexOf(named(all, kind, name)), 1)
}

function to(name: string) {
  return { podSelector: { matchLabels: { [policies.nameLabel]: name } } }
}

type NetworkPolicySpec = NonNullable<Kinds['NetworkPolicy']['spec']>

function leave(from: string, rule: NonNullable<NetworkPolicySpec['egress']>[number]): Kinds['NetworkPolicy'] {
  return networkPolicy({ ...to(from), policyTypes: ['Egress'], egress: [rule] })
}

function enter(name: string, from: string): Kinds['NetworkPolicy'] {
  return networkPolicy({
    ...to(name),
    policyTypes: ['Ingress'],
    ingress: [{ from: [to(from)], ports: [{ port: 50_053 }] }],
  })
}

function networkPolicy(spec: NetworkPolicySpec): Kinds['NetworkPolicy'] {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'planted' }, spec }
}
