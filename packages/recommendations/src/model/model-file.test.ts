import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import { createInteractions } from '../training/interactions.ts'
import { trainModel } from '../training/train-model.ts'
import type { Model } from './model.ts'
import { decodeModel, encodeModel, ModelFileError } from './model-file.ts'

let model: Model
let itemIds: Int32Array
let bytes: Uint8Array

beforeAll(async () => {
  const readers = createSyntheticReaders({ readers: 60, items: 120, interactions: 600, seed: 2 })
  model = await trainModel(createInteractions(readers, 120))
  itemIds = Int32Array.from({ length: model.itemCount }, (_, item) => 10 * item)
  bytes = encodeModel(model, itemIds)
})

describe('decodeModel', () => {
  it('reads what encodeModel wrote', () => {
    expect(decodeModel(bytes)).toEqual({ model, itemIds })
  })

  it('reads from the middle of a buffer', () => {
    const padded = new Uint8Array(bytes.length + 3)
    padded.set(bytes, 3)

    expect(decodeModel(padded.subarray(3))).toEqual({ model, itemIds })
  })

  it('refuses a model with any byte changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice()
        damaged[at]! ^= change

        expect(() => decodeModel(damaged)).toThrow(ModelFileError)
      }),
    )
  })

  it('refuses a model that is cut short', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
        expect(() => decodeModel(bytes.subarray(0, length))).toThrow(ModelFileError)
      }),
    )
  })

  it('says why a model cannot be used', () => {
    const older = bytes.slice()
    older[8] = 9

    expect(() => decodeModel(Buffer.from('something else entirely'))).toThrow('This is not a model of Books')
    expect(() => decodeModel(older)).toThrow('format 9')
    expect(() => decodeModel(bytes.subarray(0, 20))).toThrow('cut short')
    expect(() => decodeModel(bytes.subarray(0, -1))).toThrow('checksum')
  })
})
