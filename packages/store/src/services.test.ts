import { describe, expect, it } from '@jest/globals'
import { services } from './services.ts'

const names = services.map(({ name }) => name)

describe('the list of services', () => {
  it('has no two of one name or one port', () => {
    const ports = services.map(({ port }) => port)

    expect(new Set(names).size).toBe(names.length)
    expect(new Set(ports).size).toBe(ports.length)
  })

  // Therefore no service can depend on itself, over others or directly.
  it.each(services.map((service) => [service.name, service] as const))(
    'starts %s after everything that it depends on',
    (name, { dependencies }) => {
      const before = names.slice(0, names.indexOf(name))

      expect(Object.keys(dependencies).filter((dependency) => !before.includes(dependency))).toEqual([])
    },
  )

  it.each(services.map((service) => [service.name, service] as const))(
    'has the dependencies of %s on the ports where they listen',
    (_name, { dependencies }) => {
      const expected = Object.entries(dependencies).map(([name, { port }]) => [name, port])

      expect(expected).toEqual(
        expected.map(([name]) => [name, services.find((service) => service.name === name)?.port]),
      )
    },
  )

  it.each(services.filter(({ callers }) => callers).map((service) => [service.name, service.callers] as const))(
    'lets %s be called by exactly those that depend on it',
    (name, callers) => {
      const dependents = services.filter(({ dependencies }) => name in dependencies)

      expect(callers?.toSorted()).toEqual(dependents.map((service) => service.name).toSorted())
    },
  )

  it('has one service that people reach, which starts last', () => {
    expect(services.filter(({ deployment }) => deployment.isPublic)).toEqual([services.at(-1)])
  })
})
