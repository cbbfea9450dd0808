import type { AnyService } from '@books/service'
import type { Kinds } from '../../kubernetes/resources.ts'
import { nameLabel } from './labels.ts'

/** The account of a service's pods; they ask the cluster for nothing. */
export function serviceAccountOf({ name }: AnyService): Kinds['ServiceAccount'] {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, automountServiceAccountToken: false }
}

/**
 * The name of a service in the network. One of gRPC is headless: its name stands for every pod, as clients balance over them
 * themselves. One of HTTP has the port of the web, and that which other services know.
 */
export function serviceOf({ name, port, protocol }: AnyService): Kinds['Service'] {
  const selector = { [nameLabel]: name }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec:
      protocol === 'grpc'
        ? { clusterIP: 'None', selector, ports: [{ name: 'grpc', port, targetPort: 'grpc', appProtocol: 'grpc' }] }
        : {
            selector,
            ports: [
              { name: 'http', port: 80, targetPort: 'http' },
              { name: 'http-own', port, targetPort: 'http' },
            ],
          },
  }
}
