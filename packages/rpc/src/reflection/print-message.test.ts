import { create } from '@bufbuild/protobuf'
import { anyPack } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from '@jest/globals'
import { bytesOf, libraryDescriptors, typeOf } from './library.fixture.ts'
import { createMessagePrinter } from './print-message.ts'

const print = createMessagePrinter(libraryDescriptors)
const ada = { name: 'Ada', password: 'swordfish' }
const adaPrinted = { name: 'Ada', password: '[redacted]' }

describe('a printed message', () => {
  it('is its JSON', () => {
    const fields = { name: 'Ada', portrait: Uint8Array.of(1, 2), rating: 4.5 }

    expect(print('test.library.Reader', bytesOf('Reader', fields))).toBe(
      '{"name":"Ada","portrait":"AQI=","rating":4.5}',
    )
  })

  it('redacts fields of every kind', () => {
    const secret = 'swordfish'

    const text = print(
      'test.library.Reader',
      bytesOf('Reader', {
        password: secret,
        pastPasswords: [secret, secret],
        answers: { [secret]: secret },
        pin: 1234,
        address: { street: secret },
      }),
    )

    expect(JSON.parse(text)).toEqual({
      password: '[redacted]',
      pastPasswords: '[redacted]',
      answers: '[redacted]',
      pin: '[redacted]',
      address: '[redacted]',
    })
  })

  it.each([
    ['in a message', { reader: ada }, { reader: adaPrinted }],
    ['in a list', { guarantors: [ada, ada] }, { guarantors: [adaPrinted, adaPrinted] }],
    ['in a map', { readersByRole: { owner: ada } }, { readersByRole: { owner: adaPrinted } }],
    ['in a oneof', { payment: { case: 'cardNumber', value: '4111' } }, { cardNumber: '[redacted]' }],
    ['deep down', { reader: { friends: [{ friends: [ada] }] } }, { reader: { friends: [{ friends: [adaPrinted] }] } }],
    [
      'packed into another',
      { attachment: anyPack(typeOf('Reader'), create(typeOf('Reader'), ada)) },
      { attachment: { '@type': 'type.googleapis.com/test.library.Reader', ...adaPrinted } },
    ],
  ])('redacts %s', (_where, fields, printed) => {
    const text = print('test.library.Loan', bytesOf('Loan', fields))

    expect(JSON.parse(text)).toEqual(printed)
  })

  it('writes well-known types, enums and numbers as protobuf JSON does', () => {
    const text = print(
      'test.library.Loan',
      bytesOf('Loan', {
        book: { id: 6, binding: 1 },
        until: { seconds: 1n, nanos: 0 },
        notes: { shelf: 'B', late: [true, null] },
        remark: 'late',
        reader: { rating: Number.POSITIVE_INFINITY },
        payment: { case: 'cents', value: 9_007_199_254_740_993n },
      }),
    )

    expect(JSON.parse(text)).toEqual({
      book: { id: 6, binding: 'HARDCOVER' },
      until: '1970-01-01T00:00:01Z',
      notes: { shelf: 'B', late: [true, null] },
      remark: 'late',
      reader: { rating: 'Infinity' },
      cents: '9007199254740993',
    })
  })

  it('cuts what is long', () => {
    const long = 'x'.repeat(1_000)
    const many = Array.from({ length: 25 }, (_, index) => ({ name: `${index}` }))

    const text = print(
      'test.library.Loan',
      bytesOf('Loan', {
        reader: { name: long, portrait: new Uint8Array(1_000) },
        guarantors: many,
        readersByRole: Object.fromEntries(many.map((reader) => [`role ${reader.name}`, reader])),
        notes: { long },
        remark: long,
      }),
    )

    const { reader, guarantors, readersByRole, notes, remark } = JSON.parse(text)
    expect(reader.name).toBe(`${'x'.repeat(200)}… (1000 characters)`)
    expect(reader.portrait).toMatch(/^A{200,300}=?… \(1000 bytes\)$/)
    expect([guarantors.length, guarantors.at(-1)]).toEqual([21, '… 5 more'])
    expect([Object.keys(readersByRole).length, readersByRole['…']]).toEqual([21, '5 more'])
    expect([notes.long, remark]).toEqual([reader.name, reader.name])
  })

  it('leaves out what the contract does not know', () => {
    const unknown = Buffer.from('ba3e09' + Buffer.from('swordfish').toString('hex'), 'hex') // field 999
    const bytes = Buffer.concat([bytesOf('Reader', { name: 'Ada' }), unknown])

    expect(print('test.library.Reader', bytes)).toBe('{"name":"Ada"}')
  })

  it('of an unknown type packed into another tells its size alone', () => {
    const attachment = { typeUrl: 'type.googleapis.com/test.Absent', value: Buffer.from('swordfish') }

    const text = print('test.library.Loan', bytesOf('Loan', { attachment }))

    expect(JSON.parse(text)).toEqual({ attachment: { '@type': 'type.googleapis.com/test.Absent', value: '[9 bytes]' } })
  })

  it.each([
    ['bytes that are no message', 'test.library.Reader', Buffer.from('swordfish')],
    ['a type that nobody knows', 'test.Absent', Buffer.from('swordfish')],
    ['a time beyond the calendar', 'test.library.Loan', bytesOf('Loan', { until: { seconds: 1n << 60n, nanos: 0 } })],
    ['friends of friends without end', 'test.library.Reader', friendsOfFriends(1_000)],
  ])('of %s is its size, never an error', (_what, type, bytes) => {
    const text = print(type, bytes)

    expect(text).toContain(`[${bytes.length} bytes`)
    expect(text).not.toContain('swordfish')
  })
})

/** A reader with a friend with a friend, and so on. */
function friendsOfFriends(depth: number): Uint8Array {
  let reader = {}
  for (let level = 0; level < depth; level++) reader = { friends: [reader] }
  return bytesOf('Reader', reader)
}
