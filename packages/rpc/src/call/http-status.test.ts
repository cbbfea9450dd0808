import { describe, expect, it } from '@jest/globals'
import { httpStatusOf } from './http-status.ts'
import * as errors from './rpc-error.ts'

const { RpcError, Status } = errors

// Each status: its helper, where it has one, and its HTTP status.
const table = [
  ['CANCELLED', undefined, 499],
  ['UNKNOWN', undefined, 500],
  ['INVALID_ARGUMENT', undefined, 400],
  ['DEADLINE_EXCEEDED', undefined, 504],
  ['NOT_FOUND', errors.notFound, 404],
  ['ALREADY_EXISTS', errors.alreadyExists, 409],
  ['PERMISSION_DENIED', errors.permissionDenied, 403],
  ['RESOURCE_EXHAUSTED', errors.resourceExhausted, 429],
  ['FAILED_PRECONDITION', errors.failedPrecondition, 400],
  ['ABORTED', errors.aborted, 409],
  ['OUT_OF_RANGE', errors.outOfRange, 400],
  ['UNIMPLEMENTED', errors.unimplemented, 501],
  ['INTERNAL', undefined, 500],
  ['UNAVAILABLE', errors.unavailable, 503],
  ['DATA_LOSS', errors.dataLoss, 500],
  ['UNAUTHENTICATED', errors.unauthenticated, 401],
] as const

describe('every status', () => {
  it.each(table)('%s is made by its helper and has an HTTP status', (name, helper, http) => {
    const error = helper?.('why') ?? new RpcError(Status[name], 'why')

    expect(error).toMatchObject({ code: Status[name], message: 'why', details: {} })
    expect(httpStatusOf(error)).toBe(http)
  })

  it('is in the table', () => {
    const all = Object.values(Status).filter((code) => typeof code === 'number')

    expect(table.map(([name]) => Status[name])).toEqual(all.filter((code) => code !== Status.OK))
  })

  it('is 500 for an error that is no RpcError', () => {
    expect(httpStatusOf(new TypeError('a fault'))).toBe(500)
  })
})
