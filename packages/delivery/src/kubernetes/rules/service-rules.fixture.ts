import * as policies from '../policies/index.ts'
import { certificate, container, edit, named, pod, remove, scaler, variable } from './planting.fixture.ts'
import type { Rule } from './rule.fixture.ts'

/** What every service that is deployed keeps to. */
export const serviceRules: Record<string, Rule> = {
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
