import * as policies from '../policies/index.ts'
import type { Kinds } from '../resources.ts'
import { edit, named, remove } from './planting.fixture.ts'
import type { Rule } from './rule.fixture.ts'

/** Who may speak to whom. */
export const networkRules: Record<string, Rule> = {
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
