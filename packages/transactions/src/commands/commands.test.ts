import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCertificates } from '@books/rpc/certificates'
import { openMemoryDatabase, runProcess, silentLog } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { transactions } from '../service.ts'
import { newOrder, openWorld, orderOf, type TransactionsUnderTest, type World } from '../transactions.fixture.ts'

let world: World
let running: TransactionsUnderTest
let id: string
beforeAll(async () => {
  world = await openWorld()
  world.inventory.put({ id: 1, title: 'Dune', priceCents: 1_299 }, 10)
  running = await world.start()
  const request = newOrder({ lines: [{ bookId: 1, copies: 2 }], expectedTotalCents: 2_598 })
  id = orderOf(await running.client.placeOrder(request)).id
  await world.pay(running, id)
  world.subscribers.push({ readerId: 7, name: 'Ines', email: 'ines@example.org' })
})
afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

describe('the commands of staff', () => {
  it('give money back, mark an order as sent, mail the promotion and report sales', async () => {
    const day = (days: number) => new Date(Date.now() + days * 24 * 60 * 60_000).toISOString().slice(0, 10)

    const refunded = await run('refund', id, '--key', 'ticket 1', '1=1', '--reason', 'Damaged')
    const shipped = await run('ship', id.toLowerCase())
    const campaign = await run('campaign')
    const report = await run('sales-report', '--from', day(-1), '--to', day(1))

    expect(refunded).toMatchObject({ stdout: `${id}: €12.99 given back, €12.99 of €25.98 in all\n`, stderr: '' })
    expect(shipped.stdout).toMatch(`${id}: sent at `)
    expect(campaign.stdout).toContain('Readers who accept offers: 1. Mails on their way: 1.')
    expect(report.stdout).toContain('1, with 2 copies')
    expect(report.stdout).toContain('€12.99, after €12.99 refunded')
  })

  it.each([
    ['refund', ['00000-00000', '--key', 'k'], 'There is no such order'],
    ['refund', ['00000-00000'], 'run refund <order>'],
    ['refund', ['00000-00000', '--key', 'k', 'Dune'], 'Dune is no book and its copies'],
    ['ship', ['00000-00000'], 'There is no such order'],
    ['sales-report', ['--from', 'yesterday', '--to', '2026-12-01'], 'yesterday is no day'],
  ])('%s %j fails with one line', async (command, args, problem) => {
    const { code, stderr } = await run(command, ...args)

    expect(code).toBe(1)
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })

  it.each(['refund', 'ship', 'campaign', 'sales-report'])('%s has a help', async (command) => {
    expect(await run(command, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining(`run ${command}`) })
  })

  it('are refused without the certificate of staff', async () => {
    await using opened = new AsyncDisposableStack()
    const certs = await mkdtemp(join(tmpdir(), 'books-staff-'))
    opened.defer(() => rm(certs, { recursive: true }))
    await writeCertificates(certs, ['transactions', 'staff', 'marketplace'], new Date())
    const tlsOf = (name: string) => ({
      TLS_CA: `${certs}/ca.crt`,
      TLS_CERT: `${certs}/${name}.crt`,
      TLS_KEY: `${certs}/${name}.key`,
    })
    const database = opened.use(await openMemoryDatabase())
    const env = {
      HOST: '127.0.0.1',
      PORT: '0',
      PAYMENT_SANDBOX_KEY: 'a key of sixteen bytes',
      ...tlsOf('transactions'),
    }
    const settings = readServiceSettings(transactions, env)
    const served = opened.use(await startService(transactions, { settings, log: silentLog, database }))
    const shipAs = (name: string) => runOn(served.port, tlsOf(name), 'ship', '00000-00000')

    expect((await shipAs('staff')).stderr).toContain('There is no such order')
    expect((await shipAs('marketplace')).stderr).toContain('does not take such calls from this caller')
  })
})

function run(command: string, ...args: string[]) {
  return runOn(running.port, {}, command, ...args)
}

function runOn(port: number, env: Record<string, string>, command: string, ...args: string[]) {
  const program = new URL(`./${command}.ts`, import.meta.url)
  return runProcess(program, { TRANSACTIONS_PORT: String(port), ...env }, args).ended
}
