import { describe, expect, it } from '@jest/globals'
import { groupsOf, unitsOf } from './statement-groups.ts'

const [one, other] = [{}, {}]
const statement = (connection: object, sql: string, ...parameters: unknown[]) => ({ connection, sql, parameters })

describe('unitsOf', () => {
  it('finds transactions of connections that take turns, and leaves out what was rolled back', () => {
    const units = unitsOf([
      statement(one, 'begin'),
      statement(other, 'begin'),
      statement(one, 'insert', 1),
      statement(other, 'update', 2),
      statement(one, 'commit'),
      statement(other, 'rollback'),
      statement(other, 'select'),
    ])

    expect(units).toEqual([
      { isTransaction: true, statements: [{ sql: 'insert', parameters: [1] }] },
      { isTransaction: false, statements: [{ sql: 'select', parameters: [] }] },
    ])
  })
})

describe('groupsOf', () => {
  it('groups by order, also by the payment that belongs to it', () => {
    const units = [
      ['AAAAA-AAAAA'],
      ['BBBBB-BBBBB'],
      ['AAAAA-AAAAA', 'pay_1'],
      ['nothing'],
      ['pay_1'],
      [['BBBBB-BBBBB:start:1']],
    ].map((parameters) => ({ isTransaction: false, statements: [{ sql: 'select', parameters }] }))

    const [first, second, third, fourth, fifth, sixth] = units
    expect(groupsOf(units)).toEqual([
      [first, third, fourth, fifth],
      [second, sixth],
    ])
  })
})
