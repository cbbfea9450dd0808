import { Type } from 'typebox'

/** The number of a page in a query, from 1. */
export const pageQuery = Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })

/** The id in a path, as the contracts can carry it. */
export const idParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) })
