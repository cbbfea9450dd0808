import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer'
import type { INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort'
import type { Edge } from './call-graph.ts'
import { listKind, type Resource } from './resources.ts'

type Labels = Record<string, string>
type Direction = 'Egress' | 'Ingress'

/** Pods of the store, by name, with their labels. */
export type Pods = Readonly<Record<string, Labels>>

/** Whoever there is, within the cluster and without. */
export const anybody = 'anybody'

/** Whoever has an address of a block. */
export const addresses = 'addresses'

/** Whoever is in the other namespaces with some labels, as edges name them. */
export function namespaceWith(labels: Labels): string {
  const said = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  return `{${said.join()}}`
}

/**
 * The edges that network policies leave open: between pods of the store where the one may be left and the other entered,
 * and to and from whoever is not of the store.
 */
export function allowedEdgesOf(resources: readonly Resource[], pods: Pods): Edge[] {
  const leaving = edgesOf(resources, pods, 'Egress')
  const entering = edgesOf(resources, pods, 'Ingress')
  const isOutside = (edge: Edge) =>
    !edge
      .split(/ > |:(?=[^:]*$)/)
      .slice(0, 2)
      .every((name) => name in pods)
  return [...leaving.filter((edge) => isOutside(edge) || entering.includes(edge)), ...entering.filter(isOutside)]
}

function edgesOf(resources: readonly Resource[], pods: Pods, direction: Direction): Edge[] {
  const edges = listKind(resources, 'NetworkPolicy').flatMap(({ spec }): Edge[] => {
    if (!spec?.policyTypes?.includes(direction)) return []
    const own = namesMatching(pods, spec.podSelector ?? {})
    const rules =
      direction === 'Egress'
        ? (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
        : (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    return rules.flatMap(({ peers, ports }) => {
      const others = peers?.length ? peers.flatMap((peer) => namesOf(peer, pods)) : [anybody, ...Object.keys(pods)]
      return own.flatMap((one) =>
        others.flatMap((other) =>
          portsOf(ports).map(
            (port): Edge => (direction === 'Egress' ? `${one} > ${other}:${port}` : `${other} > ${one}:${port}`),
          ),
        ),
      )
    })
  })
  return [...new Set(edges)]
}

/** Without ports a rule is for all of them. */
function portsOf(ports: readonly INetworkPolicyPort[] | undefined): string[] {
  return ports?.length ? ports.map(({ port = '*', endPort }) => (endPort ? `${port}-${endPort}` : `${port}`)) : ['*']
}

function namesOf({ podSelector, namespaceSelector, ipBlock }: INetworkPolicyPeer, pods: Pods): string[] {
  if (ipBlock) return [addresses]
  if (!namespaceSelector) return namesMatching(pods, podSelector ?? {})
  const labels = labelsOf(namespaceSelector)
  // Every namespace is the store's own, too.
  return Object.keys(labels).length > 0 ? [namespaceWith(labels)] : [anybody, ...Object.keys(pods)]
}

interface Selector {
  matchLabels?: Labels
  matchExpressions?: readonly unknown[]
}

function namesMatching(pods: Pods, selector: Selector): string[] {
  const wanted = Object.entries(labelsOf(selector))
  return Object.keys(pods).filter((name) => wanted.every(([label, value]) => pods[name]?.[label] === value))
}

function labelsOf({ matchLabels = {}, matchExpressions }: Selector): Labels {
  if (matchExpressions) throw new Error('network policies of the store select by labels alone')
  return matchLabels
}
