import { services } from '@books/store/services'
import { describe, expect, it } from '@jest/globals'
import { checkTypes } from './check-types.ts'
import { containerOf, rules, set } from './planted-breaches.fixture.ts'
import { hasKubectl, renderOverlay as renderAnew } from './render-overlay.ts'
import type { Resource } from './resources.ts'

const rendered = new Map<string, Resource[]>()

// Without a kubectl that is new enough these are reported as skipped.
const describeRendered = hasKubectl() ? describe : describe.skip

describeRendered.each(['local', 'production'])('the overlay %s', (overlay) => {
  it('is accepted by the Kubernetes API, with no unknown field', () => {
    const misspelt = renderOverlay(overlay)
    set(containerOf(misspelt, 'Deployment articles'), { livenesProbe: {} })

    // One run of the compiler for both, as it takes seconds.
    expect(checkTypes([...renderOverlay(overlay), ...misspelt])).toEqual([
      expect.stringContaining('\'"livenesProbe"\' does not exist'),
    ])
  })

  const here = Object.entries(rules).filter(([, { only = overlay }]) => only === overlay)

  it.each(here)('keeps the rule that %s', (_rule, { policy }) => {
    expect(policy(renderOverlay(overlay), services)).toEqual([])
  })
})

describeRendered('a broken rule', () => {
  const breaches = Object.values(rules).flatMap(({ policy, only, breaches }) =>
    Object.entries(breaches).map(([problem, plant]) => ({ problem, policy, plant, overlay: only ?? 'local' })),
  )

  it.each(breaches)('is found: $problem', ({ problem, policy, plant, overlay }) => {
    const resources = renderOverlay(overlay)
    plant(resources)

    expect(policy(resources, services)).toEqual([problem])
  })
})

/** The resources of an overlay, for each test to change. */
function renderOverlay(overlay: string): Resource[] {
  const resources = rendered.get(overlay) ?? renderAnew(overlay)
  rendered.set(overlay, resources)
  return structuredClone(resources)
}
