import { describe, expect, it } from '@jest/globals'
import { Registry } from './registry.ts'

describe('a registry', () => {
  it('has the members that were added and not deleted since, each once, with its first value', () => {
    const registry = new Registry<object, number>()
    const [first, second, third] = [{}, {}, {}]

    registry.add(first, 1)
    registry.add(second, 2)
    registry.add(third, 3)
    registry.add(third, 4)
    registry.delete(first)
    registry.delete(first)
    const afterFirst = contentOf(registry)
    registry.delete(third)
    registry.add(first, 5)
    registry.delete(second)

    expect([...afterFirst]).toEqual(
      expect.arrayContaining([
        [second, 2],
        [third, 3],
      ]),
    )
    expect(afterFirst.size).toBe(2)
    expect([...contentOf(registry)]).toEqual([[first, 5]])
  })

  it('is apart from other registries of the same members', () => {
    const [one, other] = [new Registry<object, number>(), new Registry<object, number>()]
    const member = {}

    one.add(member, 1)
    other.add(member, 2)
    one.delete(member)

    expect([contentOf(one).get(member), contentOf(other).get(member)]).toEqual([undefined, 2])
  })

  it('may lose members while its entries are read', () => {
    const registry = new Registry<object>()
    for (let index = 0; index < 10; index++) registry.add({}, undefined)

    const entries = registry.entries()
    for (const { member } of entries) registry.delete(member)

    expect([entries.length, registry.entries().length]).toEqual([10, 0])
  })
})

function contentOf(registry: Registry<object, number>): Map<object, number> {
  return new Map(registry.entries().map(({ member, value }) => [member, value]))
}
