import { createHash } from 'node:crypto'

/** A CycloneDX bill of materials, as far as its order is concerned. */
export interface Sbom {
  serialNumber?: string
  metadata: { timestamp?: string; [field: string]: unknown }
  components: { 'bom-ref': string }[]
  dependencies: { ref: string; dependsOn?: string[] }[]
  [field: string]: unknown
}

/**
 * The same bill in an order of its own, without the time of its making, and with a serial number that follows from its
 * content: what is made twice from one lockfile is the same twice.
 */
export function normaliseSbom({ serialNumber: _unlike, metadata, components, dependencies, ...rest }: Sbom): Sbom {
  const { timestamp: _made, ...lasting } = metadata
  const content = {
    ...rest,
    metadata: lasting,
    components: components.toSorted((one, other) => compare(one['bom-ref'], other['bom-ref'])),
    dependencies: dependencies
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.toSorted(compare) }))
      .toSorted((one, other) => compare(one.ref, other.ref)),
  }
  return { ...content, serialNumber: serialNumberOf(JSON.stringify(content)) }
}

/** A version 8 UUID (RFC 9562) of a text. */
function serialNumberOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
