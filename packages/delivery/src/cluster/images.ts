import { StartError } from '@books/runtime'
import { listWorkloads, type Resource } from '../kubernetes/resources.ts'
import { canRun, runTool } from './run-tool.ts'

const madeHere = /^(books\/[a-z-]+):local$/

/**
 * The images that resources run, all of them on this machine afterwards. What `make docker` built is named by its content, in
 * the resources too, so that pods are replaced where it has changed. Fails with a `StartError` where something was not built.
 */
export function nameImages(resources: readonly Resource[]): string[] {
  const containers = listWorkloads(resources).flatMap(({ spec }) => spec.containers)
  const wanted = [...new Set(containers.map(({ image = '' }) => image))]
  const unbuilt = wanted.flatMap((image) => madeHere.exec(image)?.[1] ?? []).filter((image) => !isHere(image))
  if (unbuilt.length > 0) throw new StartError(`not built yet: ${unbuilt.join(', ')}. \`make docker\` builds them.`)

  const named = new Map(wanted.map((image) => [image, nameImage(image)]))
  for (const container of containers) container.image = named.get(container.image ?? '') ?? ''
  return [...named.values()]
}

function nameImage(image: string): string {
  const [, built] = madeHere.exec(image) ?? []
  if (built) {
    const id = runTool('docker', ['image', 'inspect', '--format', '{{.Id}}', built]).replace('sha256:', '')
    const name = `${built}:${id.slice(0, 12)}`
    runTool('docker', ['tag', built, name])
    return name
  }
  if (!isHere(image)) runTool('docker', ['pull', image])
  return image
}

function isHere(image: string): boolean {
  return canRun('docker', ['image', 'inspect', image])
}
