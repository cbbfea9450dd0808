import { afterEach, describe, expect, it } from '@jest/globals'
import { serve, type TestServer } from '../../testing/index.ts'
import { retryAfter } from './error-details.ts'
import { checkAll, invalidArgument, notFound, RpcError, raise, Status, unavailable } from './rpc-error.ts'
import { service } from './service.ts'
import { TourService, tour } from './tour.fixture.ts'

describe('errors', () => {
  let server: TestServer
  let logged: { fields: { err?: unknown; method?: string }; message: string }[]
  afterEach(() => server.stop())

  const codes = Object.values(Status).filter((code) => typeof code === 'number' && code !== Status.OK) as Status[]

  it.each(codes.map((code) => [Status[code], code] as const))('carry %s with its message', async (_name, code) => {
    const error = await greetError(new RpcError(code, 'Déjà vu: 100 %'))

    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ code, message: 'Déjà vu: 100 %', details: {} })
    expect(logged).toEqual([])
  })

  it('carry the invalid field', async () => {
    const error = await greetError(invalidArgument('max_results', 'must not be negative'))

    expect(error).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      message: 'max_results must not be negative',
      details: { badRequest: { fieldViolations: [{ field: 'max_results', description: 'must not be negative' }] } },
    })
  })

  it('carry all invalid fields of a request', async () => {
    const wrong = (field: string) => () => {
      throw invalidArgument(field, 'is wrong')
    }
    const check = () => checkAll({ a: wrong('a'), b: () => 2, c: () => checkAll({ d: wrong('c.d'), e: wrong('c.e') }) })

    const error = await greetError(errorOf(check))

    const fieldViolations = ['a', 'c.d', 'c.e'].map((field) => ({ field, description: 'is wrong' }))
    expect(error).toMatchObject({
      message: 'a is wrong; c.d is wrong; c.e is wrong',
      details: { badRequest: { fieldViolations } },
    })
    expect(checkAll({ a: () => 1, b: () => 'two' })).toEqual({ a: 1, b: 'two' })
    expect(errorOf(() => checkAll({ a: wrong('a'), b: () => raise(notFound('none')) }))).toMatchObject({
      code: Status.NOT_FOUND,
    })
  })

  it('carry a time to retry after, and a reason for programs', async () => {
    const errorInfo = { reason: 'OUT_OF_STOCK', domain: 'inventory', metadata: { isbn: '9780441172719' } }

    const error = await greetError(unavailable('Come back later', { ...retryAfter(1_500), errorInfo }))

    expect(error).toMatchObject({
      code: Status.UNAVAILABLE,
      details: { retryInfo: { retryDelay: { seconds: 1, nanos: 500_000_000 } }, errorInfo },
    })
  })

  it('hide an internal error, and log it once', async () => {
    const secret = new Error('password is hunter2')

    const error = await greetError(secret)

    expect(error).toMatchObject({ code: Status.INTERNAL, message: 'Internal error', details: {} })
    expect(logged).toEqual([{ fields: { err: secret, method: '/test.Tour/Greet' }, message: 'the handler failed' }])
  })

  it('hide a response that cannot be serialized, and log it once', async () => {
    const circular: { text: string; self?: unknown } = { text: 'Hello' }
    circular.self = circular

    const error = await greetError(() => Promise.resolve(circular))

    expect(error).toMatchObject({ code: Status.INTERNAL, message: 'Error serializing response' })
    expect(logged).toEqual([
      { fields: { err: expect.any(Error), method: '/test.Tour/Greet' }, message: 'the response cannot be serialized' },
    ])
  })

  it('carry a message that is not well-formed Unicode', async () => {
    const error = await greetError(notFound('No reader \ud800'))

    expect(error).toMatchObject({ code: Status.NOT_FOUND, message: 'No reader \ufffd' })
  })

  function errorOf(call: () => unknown): Error {
    try {
      call()
    } catch (error) {
      if (error instanceof Error) return error
    }
    throw new Error('nothing was thrown')
  }

  async function greetError(end: Error | (() => Promise<{ text: string }>)): Promise<unknown> {
    logged = []
    const greet = end instanceof Error ? () => Promise.reject(end) : end
    const log = { info() {}, error: (fields: object, message: string) => logged.push({ fields, message }) }
    server = await serve([service(TourService, tour({ greet }))], { log })

    return server
      .client(TourService)
      .greet({ name: 'Ada' })
      .then(
        () => undefined,
        (error: unknown) => error,
      )
  }
})
