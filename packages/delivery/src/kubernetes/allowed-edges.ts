import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer'
import type { Edge } from './call-graph.ts'
import { listKind, type Resource } from './resources.ts'

type Labels = Record<string, string>

/** Pods of the store, by name, with their labels. */
export type Pods = Readonly<Record<string, Labels>>

/**
 * The edges between pods that network policies leave open: allowed to leave the one, and to enter the other. A database
 * outside the cluster, given as an address block, counts as the pod `postgres`.
 */
export function allowedEdgesOf(resources: readonly Resource[], pods: Pods): Edge[] {
  const leaving = edgesOf(resources, pods, 'egress')
  const entering = edgesOf(resources, pods, 'ingress')
  const isOutside = (edge: Edge) => edge.includes('> postgres:') && !('postgres' in pods)
  return [...leaving].filter((edge) => entering.has(edge) || isOutside(edge))
}

function edgesOf(resources: readonly Resource[], pods: Pods, direction: 'egress' | 'ingress'): Set<Edge> {
  const edges = new Set<Edge>()
  for (const { spec } of listKind(resources, 'NetworkPolicy')) {
    const own = namesMatching(pods, spec?.podSelector?.matchLabels ?? {})
    const rules = direction === 'egress' ? (spec?.egress ?? []) : (spec?.ingress ?? [])
    for (const rule of rules) {
      const peers = ('to' in rule ? rule.to : 'from' in rule ? rule.from : undefined) ?? []
      const others = peers.flatMap((peer) => podsOf(peer, pods))
      for (const one of own)
        for (const other of others)
          for (const { port } of rule.ports ?? []) {
            edges.add(
              direction === 'egress' ? `${one} > ${other}:${Number(port)}` : `${other} > ${one}:${Number(port)}`,
            )
          }
    }
  }
  return edges
}

// What is in other namespaces (names, metrics, traces, visitors) is not a pod of the store.
function podsOf({ podSelector, namespaceSelector, ipBlock }: INetworkPolicyPeer, pods: Pods): string[] {
  if (ipBlock) return ['postgres']
  return namespaceSelector || !podSelector ? [] : namesMatching(pods, podSelector.matchLabels ?? {})
}

function namesMatching(pods: Pods, wanted: Labels): string[] {
  return Object.keys(pods).filter((name) =>
    Object.entries(wanted).every(([label, value]) => pods[name]?.[label] === value),
  )
}
