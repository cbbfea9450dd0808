import type { ReceivePaymentEventRequest } from '@books/proto'
import { invalidArgument, notFound, type RpcError, unauthenticated, unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFakeOrders } from '../../orders.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const url = '/payments/events'

describe('an event of a payment', () => {
  it('goes to transactions byte by byte, with its headers and without what may be secret', async () => {
    const { app, received } = await open()
    const payload = Buffer.from('{ "id": "évènement",\r\n "x": 1 }')

    const { statusCode, body } = await app.inject({
      ...{ method: 'POST', url, payload },
      headers: {
        ...{
          'content-type': 'application/json; charset=utf-8',
          'Stripe-Signature': 't=1,v1=2',
          host: 'marketplace:5000',
        },
        ...{ cookie: 'session=secret', authorization: 'Bearer secret' },
      },
    })

    expect([statusCode, body]).toEqual([204, ''])
    expect(Buffer.from(received[0]!.body)).toEqual(payload)
    expect(received[0]!.headers).toMatchObject({ 'stripe-signature': 't=1,v1=2' })
    expect(JSON.stringify(received[0]!.headers)).not.toContain('secret')
  })

  it('needs no token, no origin and no type, and may have many bytes', async () => {
    const { app, received } = await open()

    const { statusCode } = await app.inject({
      ...{ method: 'POST', url, payload: Buffer.alloc(60_000, '&a=b') },
      headers: { origin: 'https://pay.example', 'sec-fetch-site': 'cross-site' },
    })

    expect(statusCode).toBe(204)
    expect(received[0]?.body.length).toBe(60_000)
  })

  it.each<[string, RpcError, number]>([
    ['is refused where its signature is wrong', unauthenticated('No signature'), 400],
    ['is refused where it is none', invalidArgument('body', 'is no event'), 400],
    ['is to come again where its order is not known yet', notFound('Order not found'), 503],
    ['is to come again while transactions is away', unavailable('No connection'), 503],
  ])('%s', async (_how, error, code) => {
    const { app } = await open(error)

    const { statusCode, headers } = await app.inject({ method: 'POST', url, payload: '{}' })

    expect(statusCode).toBe(code)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['retry-after']).toBe(code === 503 ? '5' : undefined)
  })

  it('is refused where it is too large, before it is read', async () => {
    const { app, received } = await open()

    const { statusCode } = await app.inject({ method: 'POST', url, payload: Buffer.alloc(65_537) })

    expect(statusCode).toBe(413)
    expect(received).toEqual([])
  })

  it('does not count as a form of its address, and is limited otherwise', async () => {
    const { app } = await open(undefined, { FORMS_PER_MINUTE: 1 })

    const codes: number[] = []
    for (let nth = 0; nth < 602; nth++)
      codes.push((await app.inject({ method: 'POST', url, payload: '{}' })).statusCode)

    expect(codes.slice(0, 600)).toEqual(Array(600).fill(204))
    expect(codes.slice(600)).toEqual([429, 429])
    expect((await app.inject({ method: 'POST', url: '/taste/forget' })).statusCode).toBe(403)
  })
})

async function open(error?: RpcError, variables = {}) {
  const received: ReceivePaymentEventRequest[] = []
  const service = createFakeOrders().service({
    async receivePaymentEvent(request) {
      received.push(request)
      if (error) throw error
      return {}
    },
  })
  const shop = await openShopOver([service], variables)
  opened.defer(shop.close)
  return { app: shop.app, received }
}
