import type { AnyService } from '@books/service'
import type { Kinds, Resource } from '../../kubernetes/resources.ts'
import { listForProduction, notice } from '../names.ts'
import { writeYaml } from '../yaml.ts'
import { resourcesOf } from './base.ts'

/** Where the images of a release are, and which they are. */
export interface Release {
  registry: string
  tag: string
}

/** What of the production overlay names services: the files of kubernetes/overlays/production/services, by name. */
export function productionFiles(all: readonly AnyService[], { registry, tag }: Release): [string, string][] {
  const services = listForProduction(all)
  const removed = all.filter((service) => !services.includes(service)).flatMap((service) => resourcesOf(service, all))
  const content = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    resources: ['certificates.yaml'],
    patches: [{ path: 'certificate-volumes.yaml' }, ...removed.map(removalOf)],
    images: services.map(({ name }) => ({
      name: `books/${name}`,
      newName: `${registry}/books/${name}`,
      newTag: tag,
    })),
  }
  return [
    ['kustomization.yaml', writeYaml([{ comment: notice, content }])],
    ['certificates.yaml', writeYaml(services.map((service, index) => documentOf(certificateOf(service), index)))],
    [
      'certificate-volumes.yaml',
      writeYaml(services.map((service, index) => documentOf(volumePatchOf(service), index))),
    ],
  ]
}

/** What is only for development is in the base, and not in production. */
function removalOf({ apiVersion, kind, metadata }: Resource) {
  return { patch: `$patch: delete\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${metadata?.name}\n` }
}

function documentOf(content: object, index: number) {
  return index === 0 ? { comment: notice, content } : { content }
}

/** By it a service serves and calls. cert-manager renews it, and the process follows the files. */
function certificateOf({ name }: AnyService): Kinds['Certificate'] {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name },
    spec: {
      secretName: secretNameOf(name),
      commonName: name,
      dnsNames: [name, `${name}.books.svc`, `${name}.books.svc.cluster.local`],
      duration: '24h',
      renewBefore: '8h',
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      usages: ['digital signature', 'server auth', 'client auth'],
      issuerRef: { name: 'books', kind: 'Issuer' },
    },
  }
}

function volumePatchOf({ name }: AnyService) {
  const volume = { name: 'tls', secret: { secretName: secretNameOf(name), defaultMode: 0o440 } }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec: { volumes: [volume] } } },
  }
}

function secretNameOf(service: string): string {
  return `${service}-tls`
}
