import { createMailer, mailSettings } from '@books/mail'
import { AccountsServiceService, InventoryServiceService, TransactionsServiceService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService, dependency, httpDependency, migrations } from '@books/service'
import { Type } from 'typebox'
import { createPaymentProvider, paymentSettings } from './payments/create-payment-provider.ts'
import { startOrders } from './start-orders.ts'
import type { Tables } from './tables.ts'

const limit = (value: number) => Type.Integer({ minimum: 1, maximum: 1_000_000, default: value })
// Its own name, for commands that run in its container.
const staff = ['staff', 'transactions']

/** Orders, payments, receipts, and which promotions were used. */
export const transactions = defineService({
  name: 'transactions',
  port: 50_059,
  settings: {
    ...mailSettings,
    ...paymentSettings,
    /** How long a customer may take to pay. */
    PAY_MINUTES: Type.Number({ exclusiveMinimum: 0, maximum: 12 * 60, default: 30 }),
    /** So many orders of one customer may be unpaid at a time. */
    UNPAID_ORDERS_OF_CUSTOMER: limit(3),
    /** So many orders of one network may be unpaid at a time. */
    UNPAID_ORDERS_OF_NETWORK: limit(20),
    /** So many copies may be in the unpaid orders of one network. */
    UNPAID_COPIES_OF_NETWORK: limit(100),
  },
  // The ports at which mail servers take mail, and that of Stripe.
  deployment: { egressPorts: [465, 587, 443] },
  callers: ['cart', 'marketplace', 'recommendations', 'reviews'],
  methodCallers: { RefundOrder: staff, ShipOrder: staff, RunCampaign: staff, GetSalesReport: staff },
  dependencies: {
    // Orders can be looked up without it.
    inventory: dependency(InventoryServiceService, { port: 50_053, isOptional: true }),
    // Whom to mail offers.
    accounts: dependency(AccountsServiceService, { port: 50_057, isOptional: true }),
    'payment-sandbox': httpDependency({ port: 5_001 }),
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  async start({ settings, tables, clients, log, signal, cleanup }) {
    const mailer = createMailer(settings, log)
    cleanup.defer(mailer.close)
    const { inventory, accounts, 'payment-sandbox': sandbox } = clients
    const now = () => new Date()
    const methods = await startOrders({
      ...{ tables, mailer, log, signal, cleanup, inventory, accounts },
      payments: await createPaymentProvider({ settings, sandbox, now, log }),
      publicUrl: settings.PUBLIC_URL,
      payMs: settings.PAY_MINUTES * 60_000,
      limits: {
        ordersOfCustomer: settings.UNPAID_ORDERS_OF_CUSTOMER,
        ordersOfNetwork: settings.UNPAID_ORDERS_OF_NETWORK,
        copiesOfNetwork: settings.UNPAID_COPIES_OF_NETWORK,
      },
    })
    // A watch stays open for as long as its caller likes.
    const maxDeadlineMs = { watchOrder: Number.POSITIVE_INFINITY, watchOrders: Number.POSITIVE_INFINITY }
    return { services: [service(TransactionsServiceService, methods, { maxDeadlineMs })] }
  },
})
