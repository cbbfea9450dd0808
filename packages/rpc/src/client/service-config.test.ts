import { describe, expect, it } from '@jest/globals'
import { TourService, tourDescriptors } from '../call/tour.fixture.ts'
import { readOnlyMethodsOf } from './read-only-methods.ts'
import { serviceConfigOf } from './service-config.ts'

describe('serviceConfigOf', () => {
  it('retries read-only methods, where they are UNAVAILABLE, with a throttle', () => {
    const config = serviceConfigOf({ readOnly: ['/test.Tour/Greet', '/Plain/Greet'], roundRobin: true })

    expect(config).toMatchObject({
      loadBalancingConfig: [{ round_robin: {} }],
      methodConfig: [
        {
          name: [
            { service: 'test.Tour', method: 'Greet' },
            { service: 'Plain', method: 'Greet' },
          ],
          retryPolicy: { retryableStatusCodes: ['UNAVAILABLE'] },
        },
      ],
      retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
    })
  })

  it('throttles where nothing is retried, too: the throttle is one for all clients of a server', () => {
    expect(serviceConfigOf({ readOnly: [], roundRobin: false })).toEqual({
      loadBalancingConfig: [],
      methodConfig: [],
      retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
    })
  })
})

describe('readOnlyMethodsOf', () => {
  it('finds the methods whose contract says that they have no side effects', () => {
    expect(readOnlyMethodsOf(TourService, tourDescriptors('Greet', 'Chat'))).toEqual([
      '/test.Tour/Greet',
      '/test.Tour/Chat',
    ])
  })

  it('finds none in contracts that do not know the service', () => {
    const Unheard = { greet: { ...TourService.greet, path: '/test.Unheard/Greet' } }

    expect(readOnlyMethodsOf(Unheard, tourDescriptors('Greet'))).toEqual([])
  })
})
