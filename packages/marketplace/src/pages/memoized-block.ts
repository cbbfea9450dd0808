import type { HelperOptions } from 'handlebars'

/**
 * Creates a block helper that renders its block once for each object, and not again for as long as that object is in use. The block must
 * depend on the object alone, and the object must not change: `{{#memoized "card"}}…{{/memoized}}` in the context of a card.
 */
export function createMemoizedBlock() {
  const rendered = new Map<string, WeakMap<object, string>>()

  return function memoized(this: object, name: string, options: HelperOptions): string {
    const known = rendered.get(name) ?? new WeakMap<object, string>()
    rendered.set(name, known)
    const ready = known.get(this)
    if (ready !== undefined) return ready
    const html = options.fn(this)
    known.set(this, html)
    return html
  }
}
