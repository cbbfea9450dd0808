import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import type { Resource } from './resources.ts'

const overlays = new URL('../../../../kubernetes/overlays/', import.meta.url)
const oldestKustomize = 4

/** Whether this machine has a kubectl that knows the kustomization files of today. */
export function hasKubectl(): boolean {
  const { status, stdout } = spawnSync('kubectl', ['version', '--client', '--output', 'json'], { encoding: 'utf8' })
  if (status !== 0) return false
  const { kustomizeVersion = '' } = JSON.parse(stdout)
  return Number(/^v(\d+)/.exec(kustomizeVersion)?.[1] ?? 0) >= oldestKustomize
}

/** Renders an overlay of `kubernetes/overlays` as `kubectl apply` does. */
export function renderOverlay(name: string): Resource[] {
  const folder = fileURLToPath(new URL(name, overlays))
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`kubectl kustomize ${name}: ${stderr}`)
  return parseAllDocuments(stdout).map((document) => document.toJS())
}
