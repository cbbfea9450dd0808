import { StartError } from '@books/runtime'
import { listKind, nameOf, type Resource } from '../kubernetes/resources.ts'
import { cluster } from './kind-cluster.ts'
import { canRun, runTool } from './run-tool.ts'

const namespace = ['--context', cluster.context, '--namespace', 'books']
const patience = '--timeout=5m'

/** Applies resources to the cluster. What a Job runs cannot be changed, so that those of before are removed. */
export function applyResources(resources: readonly Resource[]): void {
  runTool('kubectl', [...namespace, 'delete', 'jobs', '--selector', 'books/kind=migration', '--ignore-not-found'])
  const list = { apiVersion: 'v1', kind: 'List', items: resources }
  runTool('kubectl', ['--context', cluster.context, 'apply', '--filename', '-'], JSON.stringify(list))
}

/** Something to wait for. Fails with a `StartError` where it takes longer than five minutes. */
export interface Wait {
  name: string
  wait(): void
}

/** What there is to wait for until the store is open: databases first, as everything else needs them. */
export function waitsFor(resources: readonly Resource[]): Wait[] {
  const rollout = (name: string) => waitOf(name, ['rollout', 'status', name, patience])
  return [
    ...listKind(resources, 'StatefulSet').map((resource) => rollout(`statefulset/${nameOf(resource)}`)),
    ...listKind(resources, 'Job').map((job) => {
      const name = `job/${nameOf(job)}`
      return waitOf(name, ['wait', '--for=condition=complete', name, patience])
    }),
    ...listKind(resources, 'Deployment').map((resource) => rollout(`deployment/${nameOf(resource)}`)),
  ]
}

function waitOf(name: string, args: string[]): Wait {
  return {
    name,
    wait() {
      if (canRun('kubectl', [...namespace, ...args])) return
      const ask = `kubectl ${namespace.join(' ')}`
      throw new StartError(
        `${name} is not ready. These say why:\n  ${ask} get pods\n  ${ask} describe ${name}\n  ${ask} logs ${name}`,
      )
    },
  }
}
