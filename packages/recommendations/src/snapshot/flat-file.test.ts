import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type FlatContent, readFlat, SnapshotError, writeFlat } from './flat-file.ts'

const version = 3
const content: FlatContent = {
  facts: { name: 'Émile' },
  arrays: {
    ints: Int32Array.of(1, -2, 3),
    bytes: Uint8Array.of(4, 5, 6, 7, 8),
    none: new Float64Array(0),
    doubles: Float64Array.of(0.5),
    shorts: Uint16Array.of(9),
  },
}
const file = Buffer.concat([...writeFlat(version, content)].map((piece) => Buffer.from(piece)))

describe('a flat file', () => {
  it('is read as it was written, in pieces of any size, with all arrays as views of one shared memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: file.length }), async (pieceSize) => {
        const { facts, arrays } = await read(file, pieceSize)

        expect(facts).toEqual(content.facts)
        expect(Object.entries(arrays)).toEqual(Object.entries(content.arrays))
        const [buffer, ...others] = new Set(Object.values(arrays).map((array) => array.buffer))
        expect([buffer instanceof SharedArrayBuffer, others]).toEqual([true, []])
      }),
    )
  })

  it('is written in pieces of at most a MiB, as each is hashed in one turn of the event loop', () => {
    const large = { facts: {}, arrays: { bytes: new Uint8Array(3.5 * 2 ** 20) } }

    const pieces = Array.from(writeFlat(version, large), ({ length }) => length)

    expect(Math.max(...pieces)).toBe(2 ** 20)
  })

  it('is refused with any byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(file)
        damaged[at]! ^= change

        await expect(read(damaged)).rejects.toThrow(SnapshotError)
      }),
    )
  })

  it('is refused when it is cut short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), async (length) => {
        await expect(read(file.subarray(0, length))).rejects.toThrow(SnapshotError)
      }),
    )
  })

  it('says why it is refused', async () => {
    const damaged = file.with(file.length - 40, 1)

    await expect(read(Buffer.from('something else entirely, and long enough to be one'))).rejects.toThrow('no snapshot')
    await expect(readFlat(4, piecesOf(file), file.length)).rejects.toThrow(
      'it has version 3, and this program reads version 4',
    )
    await expect(read(file.subarray(0, -1))).rejects.toThrow('checksum')
    await expect(readFlat(version, piecesOf(file.subarray(0, -1)), file.length)).rejects.toThrow('cut short')
    await expect(read(damaged)).rejects.toThrow('checksum')
  })
})

function read(bytes: Uint8Array, pieceSize = bytes.length): Promise<FlatContent> {
  return readFlat(version, piecesOf(bytes, pieceSize), bytes.length)
}

async function* piecesOf(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += Math.max(1, size)) yield bytes.subarray(from, from + size)
}
