import { createErrorLog, openMemoryDatabase } from '@books/runtime/testing'
import { prefixOf, type RunningService, readServiceSettings, startService } from '@books/service'
import { callWithExtremeValues } from '@books/service/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { services } from './services.ts'

// A service that must know all others starts after them.
const grpcServices = services.filter(({ protocol }) => protocol === 'grpc')
const { log, errors } = createErrorLog()
const running = new Map<string, RunningService>()
const opened = new AsyncDisposableStack()

beforeAll(async () => {
  const database = opened.use(await openMemoryDatabase())
  // All that these call, too; the shop is called by none.
  for (const service of services.filter(({ deployment }) => !deployment.isPublic)) {
    const settings = readServiceSettings(service, { PORT: '0', ...portsOf(Object.keys(service.dependencies)) })
    running.set(service.name, opened.use(await startService(service, { settings, database, log })))
  }
})
afterAll(() => opened.disposeAsync())

describe('values at the limits of what a field can hold', () => {
  it.each(grpcServices.map(({ name }) => name))('have an answer of %s that is no fault of it', async (name) => {
    const { calls, faults } = await callWithExtremeValues(running.get(name)?.address ?? '')

    expect(faults).toEqual([])
    expect(errors).toEqual([])
    expect(calls.size).toBeGreaterThan(0)
  })
})

function portsOf(names: readonly string[]): Record<string, string> {
  const ports = names.map((name) => [`${prefixOf(name)}PORT`, String(running.get(name)?.port)])
  const hosts = names.map((name) => [`${prefixOf(name)}HOST`, 'localhost'])
  return Object.fromEntries([...ports, ...hosts])
}
