import * as policies from '../policies/index.ts'
import { container, edit, named, pod, remove, training } from './planting.fixture.ts'
import type { Rule } from './rule.fixture.ts'

/** What every pod keeps to. */
export const podRules: Record<string, Rule> = {
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
}
