import { existsSync, readdirSync } from 'node:fs'
import { settingsSchemaOf } from '@books/service'
import { services as definitions } from '@books/store/services'
import { describe, expect, it } from '@jest/globals'
import { checkTypes } from './check-types.ts'
import { hasKubectl, renderOverlay as renderAnew } from './render-overlay.ts'
import type { Resource } from './resources.ts'
import { container, edit } from './rules/planting.fixture.ts'
import { rules } from './rules/rules.fixture.ts'

const services = Object.fromEntries(definitions.map((service) => [service.name, settingsSchemaOf(service)]))
const packages = new URL('../../../', import.meta.url)
const rendered = new Map<string, Resource[]>()

// Where a machine has no kubectl, or one of years ago, these are reported as skipped.
const describeRendered = hasKubectl() ? describe : describe.skip

describe('the services that are held to rules', () => {
  it('are all that there are', () => {
    const isService = (name: string) =>
      ['service', 'main'].every((file) => existsSync(new URL(`${name}/src/${file}.ts`, packages)))
    const found = readdirSync(packages).filter((name) => isService(name) && name !== 'store')

    expect(Object.keys(services).toSorted()).toEqual(found.toSorted())
  })
})

describeRendered.each(['local', 'production'])('the overlay %s', (overlay) => {
  it('is what the Kubernetes API takes, with no field that it does not know', () => {
    expect(checkTypes(renderOverlay(overlay))).toEqual([])
  })

  it('would be refused with a slip in a field', () => {
    const resources = renderOverlay(overlay)
    edit(container(resources, 'articles'), { livenesProbe: {} })

    expect(checkTypes(resources)).toEqual([expect.stringContaining('\'"livenesProbe"\' does not exist')])
  })

  const here = Object.entries(rules).filter(([, { only = overlay }]) => only === overlay)

  it.each(here)('keeps the rule that %s', (_rule, { policy }) => {
    expect(policy(renderOverlay(overlay), services)).toEqual([])
  })

  describe.each(here)('where it broke the rule that %s', (_rule, { policy, breaches }) => {
    it.each(Object.entries(breaches))('would hear that %s', (problem, plant) => {
      const resources = renderOverlay(overlay)
      plant(resources)

      expect(policy(resources, services)).toEqual([problem])
    })
  })
})

/** The resources of an overlay, rendered once, for each test to break as it likes. */
function renderOverlay(overlay: string): Resource[] {
  const resources = rendered.get(overlay) ?? renderAnew(overlay)
  rendered.set(overlay, resources)
  return structuredClone(resources)
}
