import { canRun, runTool } from './run-tool.ts'

/** The cluster's name for kind, and what kubectl calls it. */
export const cluster = { name: 'books', context: 'kind-books' }

/** The port of the node that leads to the shop, as in the local overlay. */
export const shopNodePort = 30_500

/** Makes the cluster, unless it is there, with the shop's door on a port of this machine alone. */
export function createKindCluster(port: number): void {
  if (isKindCluster()) runTool('kind', ['export', 'kubeconfig', '--name', cluster.name])
  else runTool('kind', ['create', 'cluster', '--name', cluster.name, '--wait', '2m', '--config', '-'], configOf(port))
}

/** Removes the cluster with all that is in it. Says whether there was one. */
export function deleteKindCluster(): boolean {
  if (!isKindCluster()) return false
  runTool('kind', ['delete', 'cluster', '--name', cluster.name])
  return true
}

/** Copies an image of this machine into the cluster. */
export function loadImage(image: string): void {
  // What Docker pulled for one platform of several, kind cannot always read: https://github.com/kubernetes-sigs/kind/issues/3795.
  // The node fetches such an image by itself.
  const isMade = image.startsWith('books/')
  const args = ['load', 'docker-image', '--name', cluster.name, image]
  if (isMade) runTool('kind', args)
  else canRun('kind', args)
}

/** Where the shop opens on this machine. The cluster knows, which may have been made with another port. */
export function shopAddress(): string {
  const mapped = runTool('docker', ['port', `${cluster.name}-control-plane`, `${shopNodePort}/tcp`])
  return `http://localhost:${mapped.split(':').at(-1)}`
}

function isKindCluster(): boolean {
  return runTool('kind', ['get', 'clusters']).split('\n').includes(cluster.name)
}

function configOf(port: number): string {
  const door = { containerPort: shopNodePort, hostPort: port, listenAddress: '127.0.0.1' }
  return JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [{ role: 'control-plane', extraPortMappings: [door] }],
  })
}
