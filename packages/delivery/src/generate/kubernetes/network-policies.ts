import type { AnyService } from '@books/service'
import type { Kinds } from '../../kubernetes/resources.ts'
import { isReachable } from '../names.ts'
import { podsOf } from './labels.ts'

/** The name of the policy that lets people reach a service. */
export function visitorsPolicyNameOf(service: string): string {
  return `${service}-from-visitors`
}

/** Lets a service be called by those that depend on it, call those that it depends on, and be reached by people if it is for them. */
export function networkPoliciesOf(service: AnyService, services: readonly AnyService[]): Kinds['NetworkPolicy'][] {
  const { name, port, dependencies, deployment } = service
  const callers = services.filter((other) => name in other.dependencies).map((caller) => caller.name)
  const called = Object.entries(dependencies).map(([other, { port }]) => ({ to: [peerOf(other)], ports: [{ port }] }))
  const outside = (deployment.egressPorts ?? []).map((port) => ({ to: anywhere, ports: [{ port }] }))
  const egress = [...called, ...outside]
  return [
    networkPolicy(name, {
      podSelector: podsOf(name),
      policyTypes: ['Ingress', 'Egress'],
      ...(callers.length > 0 && { ingress: [{ from: callers.map(peerOf), ports: [{ port }] }] }),
      ...(egress.length > 0 && { egress }),
    }),
    ...(isReachable(service)
      ? [
          networkPolicy(visitorsPolicyNameOf(name), {
            podSelector: podsOf(name),
            policyTypes: ['Ingress'],
            ingress: [
              { from: [{ namespaceSelector: { matchLabels: { 'books/ingress': 'true' } } }], ports: [{ port }] },
            ],
          }),
        ]
      : []),
  ]
}

// A policy knows no names of servers, only addresses.
const anywhere = ['0.0.0.0/0', '::/0'].map((cidr) => ({ ipBlock: { cidr } }))

function peerOf(name: string) {
  return { podSelector: podsOf(name) }
}

function networkPolicy(name: string, spec: Kinds['NetworkPolicy']['spec'] & object): Kinds['NetworkPolicy'] {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec }
}
