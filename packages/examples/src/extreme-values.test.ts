import { createErrorLog } from '@books/runtime/testing'
import { type AnyService, readServiceSettings, startService } from '@books/service'
import { callWithExtremeValues } from '@books/service/testing'
import { describe, expect, it } from '@jest/globals'
import { echo } from './echo/index.ts'
import { exec } from './exec/index.ts'
import { routeGuide } from './route-guide/index.ts'

describe('values at the limits of what a field can hold', () => {
  it.each<[string, AnyService]>([echo, exec, routeGuide].map((service) => [service.name, service]))(
    'have an answer of %s that is no fault of it',
    async (_name, service) => {
      const { log, errors } = createErrorLog()
      await using running = await startService(service, { settings: readServiceSettings(service, { PORT: '0' }), log })

      const { calls, faults } = await callWithExtremeValues(running.address)

      expect(faults).toEqual([])
      expect(errors).toEqual([])
      expect(calls.size).toBeGreaterThan(0)
    },
  )
})
