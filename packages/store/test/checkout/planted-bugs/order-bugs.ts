import type { PlantedBug } from './planted-bug.ts'

const steps = 'transactions/src/steps/steps.ts'

/** Faults of orders, payments and carts. */
export const orderBugs: readonly PlantedBug[] = [
  {
    name: 'hold leaked on decline',
    replacements: [
      {
        file: 'transactions/src/steps/undo.ts',
        find: '  await freeCopies(order, context)',
        replace: "  if (order.cancel_reason !== 'declined') await freeCopies(order, context)",
      },
    ],
  },
  {
    name: 'new key for each attempt',
    replacements: [
      {
        file: 'transactions/src/steps/begin-payment.ts',
        find: '`${order.id}:start:1`',
        replace: '`${order.id}:start:${now().getTime()}`',
      },
      {
        file: 'transactions/src/steps/refund-step.ts',
        find: 'payments.refund(key,',
        replace: 'payments.refund(`${key}:${now().getTime()}`,',
      },
    ],
  },
  {
    name: 'timeout taken for a decline',
    replacements: [
      {
        file: steps,
        find: `    throw new PaymentError('unknown', \`the payment is \${state} after its capture\`)
  } catch (error) {
    if (kindOf(error) === 'declined') return cancel('declined')
    throw error`,
        replace: `    throw new PaymentError('unknown', \`the payment is \${state} after its capture\`)
  } catch {
    return cancel('declined')`,
      },
    ],
  },
  {
    name: 'no refund when stock is gone',
    replacements: [
      {
        file: steps,
        find: `    if (reasonOf(error) === 'RESERVATION_RELEASED') return cancel('expired')
    if (error instanceof RpcError`,
        replace: `    if (reasonOf(error) === 'RESERVATION_RELEASED') return { ...cancel('expired'), wait: 'never' }
    if (error instanceof RpcError`,
      },
    ],
  },
  {
    name: 'mail sent directly',
    replacements: [
      {
        file: 'transactions/src/steps/step-store.ts',
        find: `                .selectFrom('confirmed')
                .select(`,
        replace: `                .selectFrom('confirmed')
                .where('state', '<>', 'confirmed')
                .select(`,
      },
      {
        file: 'transactions/src/start-orders.ts',
        find: 'tell: orderChanges.tell,',
        replace: `tell: (order: any) => {
      orderChanges.tell(order)
      if (order.state === 'confirmed') void (handlers['receipt'] as any)({ key: order.id, payload: {}, attempts: 1 }, signal)
    },`,
      },
    ],
  },
  {
    name: 'key written after the order',
    replacements: [
      {
        file: 'transactions/src/orders/place-store.ts',
        find: 'key_hash: order.keyHash,',
        replace: 'key_hash: Buffer.from(crypto.randomUUID()),',
      },
      {
        file: 'transactions/src/methods/place-order.ts',
        find: '      if (placed) return { placed, isNew: true }',
        replace: `      if (placed) {
        const key = { key_hash: order.keyHash } as never
        await stores.tables.updateTable('orders').set(key).where('id', '=', order.id).execute()
        return { placed, isNew: true }
      }`,
      },
    ],
  },
  {
    name: 'promotion counted, then inserted',
    replacements: [
      {
        file: 'transactions/migrations/0001-orders.ts',
        find: "  await unique(\n    'orders_promotion',",
        replace: "  await (async (..._index: unknown[]) => {})(\n    'orders_promotion',",
      },
    ],
  },
  {
    name: 'late event overwrites',
    replacements: [
      {
        file: 'transactions/src/methods/payment-events.ts',
        find: '      const id = readOrderId(event.orderId)\n',
        replace: `      const id = readOrderId(event.orderId)
      const { type } = JSON.parse(Buffer.from(body).toString())
      if (id && type === 'payment.authorized')
        await stores.tables
          .updateTable('orders')
          .set({ state: 'authorized', final_at: null, cancel_reason: null })
          .where('id', '=', id)
          .execute()
`,
      },
    ],
  },
  {
    name: 'cart emptied blindly',
    replacements: [
      {
        file: 'cart/src/bought-store.ts',
        find: 'delete from cart.lines using ${bought} and lines.copies <= bought.copies`',
        replace: 'delete from cart.lines where cart_id = any(${copies.map(({ cart_id }) => cart_id)}::text[])`',
      },
    ],
  },
]
