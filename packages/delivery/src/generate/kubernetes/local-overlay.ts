import type { AnyService } from '@books/service'
import { isReachable, listSecretSettings, listWithDatabase, notice, secretNameOf } from '../names.ts'
import { writeYaml } from '../yaml.ts'
import { visitorsPolicyNameOf } from './network-policies.ts'

/** The tag of the images that `make cluster` loads. */
const tag = 'local'

/** What of the local overlay names services: the files of kubernetes/overlays/local/services, by name. */
export function localFiles(services: readonly AnyService[]): [string, string][] {
  const content = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    // Only for a cluster that nothing else can reach.
    secretGenerator: services.flatMap(secretsOf),
    configMapGenerator: [
      {
        name: 'databases',
        literals: [
          `names=${listWithDatabase(services)
            .map(({ name }) => name)
            .join(' ')}`,
        ],
      },
    ],
    patches: services.filter(isReachable).flatMap(patchesOf),
    images: services.map(({ name }) => ({ name: `books/${name}`, newTag: tag })),
  }
  return [
    ['kustomization.yaml', writeYaml([{ comment: notice, content }])],
    ['kind.yaml', writeYaml([{ comment: notice, content: kindClusterOf(services) }])],
  ]
}

/** The cluster that `make cluster` makes: what people reach is opened on this machine alone. */
function kindClusterOf(services: readonly AnyService[]) {
  const extraPortMappings = services.filter(isReachable).map((service) => ({
    containerPort: nodePortOf(service),
    hostPort: service.port,
    listenAddress: '127.0.0.1',
  }))
  return {
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    kind: 'Cluster',
    nodes: [{ role: 'control-plane', extraPortMappings }],
  }
}

/** The port of the node that leads to a service for people: 30500 for port 5000. */
function nodePortOf({ port }: AnyService): number {
  return 25_500 + port
}

function secretsOf(service: AnyService) {
  const { name, migrations } = service
  const settings = listSecretSettings(service)
  return [
    ...(migrations
      ? [{ name: `${name}-database`, literals: [`url=postgres://${name}:local@postgres:5432/${name}`] }]
      : []),
    ...(settings.length > 0
      ? [
          {
            name: `${name}-secrets`,
            literals: settings.map((setting) => `${secretNameOf(setting)}=a-secret-for-one-machine-and-no-other`),
          },
        ]
      : []),
  ]
}

/** Visitors come by a port of the node, so that they may have any address. */
function patchesOf(service: AnyService) {
  const { name } = service
  return [
    {
      patch: '- op: remove\n  path: /spec/ingress/0/from\n',
      target: { kind: 'NetworkPolicy', name: visitorsPolicyNameOf(name) },
    },
    {
      patch: [
        '- op: add\n  path: /spec/type\n  value: NodePort',
        `- op: add\n  path: /spec/ports/0/nodePort\n  value: ${nodePortOf(service)}\n`,
      ].join('\n'),
      target: { kind: 'Service', name },
    },
  ]
}
