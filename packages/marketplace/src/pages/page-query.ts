import { Type } from 'typebox'

/** The schema of a page number in a query, from 1. */
export const pageQuery = Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })

/** The schema of the id in a path: any that the contracts can hold. */
export const idParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) })
