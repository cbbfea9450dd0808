import { describe, expect, it } from '@jest/globals'
import { normaliseSbom, type Sbom } from './normalise-sbom.ts'

const made: Sbom = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:ae9b7402-87ba-4c0b-8431-d3de81c39d1a',
  metadata: { timestamp: '2026-11-20T13:50:29.067Z', component: { name: 'marketplace' } },
  components: [{ 'bom-ref': 'pkg:npm/fastify@5' }, { 'bom-ref': 'pkg:npm/avvio@9' }],
  dependencies: [
    { ref: 'pkg:npm/fastify@5', dependsOn: ['pkg:npm/pino@10', 'pkg:npm/avvio@9'] },
    { ref: 'pkg:npm/avvio@9' },
  ],
}
const madeLater: Sbom = {
  ...made,
  serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  metadata: { ...made.metadata, timestamp: '2027-01-01T00:00:00.000Z' },
  components: made.components.toReversed(),
  dependencies: made.dependencies.toReversed(),
}

describe('normaliseSbom', () => {
  it('gives the same bill for the same content, whenever and in whatever order it was made', () => {
    expect(JSON.stringify(normaliseSbom(madeLater))).toBe(JSON.stringify(normaliseSbom(made)))
  })

  it('gives each content a serial number of its own, of the form that CycloneDX asks for', () => {
    const other = { ...made, components: made.components.slice(1) }

    const numbers = [made, other].map((sbom) => normaliseSbom(sbom).serialNumber)

    expect(new Set(numbers).size).toBe(2)
    for (const number of numbers)
      expect(number).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('loses nothing', () => {
    const { components, dependencies, metadata } = normaliseSbom(made)

    expect(components).toHaveLength(2)
    expect(dependencies[1]).toEqual({ ref: 'pkg:npm/fastify@5', dependsOn: ['pkg:npm/avvio@9', 'pkg:npm/pino@10'] })
    expect(metadata).toEqual({ component: { name: 'marketplace' } })
  })
})
