import { StartError } from '@books/runtime'
import { hasKubectl } from '../kubernetes/render-overlay.ts'
import { canRun } from './run-tool.ts'

/** Fails with a `StartError` that names everything that a cluster on this machine takes and that is not here. */
export function requireTools(): void {
  const missing = [
    canRun('docker', ['version']) ? [] : 'Docker, with an engine that runs: https://docs.docker.com/engine/install',
    canRun('kind', ['version']) ? [] : 'kind: https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
    hasKubectl() ? [] : 'kubectl, 1.30 or newer: https://kubernetes.io/docs/tasks/tools',
  ].flat()
  if (missing.length > 0) throw new StartError(['a cluster on this machine needs', ...missing].join('\n  '))
}
