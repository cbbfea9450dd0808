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

  it('has a throttle also without retries, as all clients of a server share one', () => {
    expect(serviceConfigOf({ readOnly: [], roundRobin: false })).toEqual({
      loadBalancingConfig: [],
      methodConfig: [],
      retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
    })
  })
})

describe('readOnlyMethodsOf', () => {
  it('finds the methods with NO_SIDE_EFFECTS', () => {
    expect(readOnlyMethodsOf(TourService, tourDescriptors('Greet', 'Chat'))).toEqual([
      '/test.Tour/Greet',
      '/test.Tour/Chat',
    ])
  })

  it('finds none for a service without descriptors', () => {
    const Unheard = { greet: { ...TourService.greet, path: '/test.Unheard/Greet' } }

    expect(readOnlyMethodsOf(Unheard, tourDescriptors('Greet'))).toEqual([])
  })
})
