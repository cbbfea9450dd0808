import { untilAtRest } from './at-rest.ts'
import type { Run } from './checker/invariant.ts'
import { cancelOrder } from './customers/cancel-order.ts'
import { checkOut } from './customers/check-out.ts'
import { planCheckout } from './customers/checkout-plan.ts'
import { createCustomer } from './customers/customer.ts'
import { isFinal } from './customers/order-seen.ts'
import { createRandom } from './customers/random.ts'
import { startObservers } from './observers.ts'
import { planFaults, startFaults } from './processes/faults.ts'
import { receiptsOf } from './processes/mail-receiver.ts'
import { openStage, type StageOptions } from './stage.ts'
import { stockShelves } from './stock-shelves.ts'
import { type TellViolations, watchInvariants } from './watch-invariants.ts'

/** The extent of a run. */
export interface RunOptions extends StageOptions {
  /** What all random choices follow from. */
  seed: number
  checkouts: number
  customers: number
  kills: number
  pauses: number
  /** Told how far the run is, now and then. */
  report?: ((text: string) => void) | undefined
  /** Told of contradictions as soon as they show, on a database server. */
  tellViolations?: TellViolations
}

/** A run at rest, and its figures. */
export interface FinishedRun extends Run {
  database: string
  /** Of the checkouts alone. */
  seconds: number
  /** From the end of the checkouts until everything was at rest. */
  restSeconds: number
  /** Lines that the services logged as errors, and how often. */
  errors: ReadonlyMap<string, number>
}

/** A run of a minute or so. */
export const shortRun = {
  ...{ seed: 1, checkouts: 500, customers: 100, kills: 10, pauses: 3 },
  ...{ payWithinMs: 15_000, answerDelayMs: 11_000, eventDelayMs: 3_000 },
}

const reportMs = 5_000
const copiesOfACheckout = 4

/** Runs checkouts under faults until everything is at rest, and reads what is left. */
export async function runCheckouts(options: RunOptions): Promise<FinishedRun> {
  const { seed, checkouts, report = () => {} } = options
  await using stage = await openStage(createRandom(seed, 'webhooks'), options)
  const { shop, processes, database } = stage
  report(`${database.name}, ${processes.all.map(({ name, port }) => `${name} :${port}`).join(', ')}`)
  const { shelves, deliverScarce } = await stockShelves(
    shop,
    createRandom(seed, 'stock'),
    checkouts * copiesOfACheckout,
  )
  const observers = startObservers(shop, [...shelves.scarce, ...shelves.plenty])
  const watching = new AbortController()
  const watched =
    options.tellViolations && database.restart && watchInvariants(stage, options.tellViolations, watching.signal)

  const customers = Array.from({ length: options.customers }, (_, nth) => createCustomer(nth, seed))
  let [begun, done] = [0, 0]
  const names = [...processes.all.map(({ name }) => name), ...(database.restart ? ['database'] : [])]
  const plan = planFaults(createRandom(seed, 'faults'), { ...options, processes: names })
  const faults = startFaults(plan, { services: processes.all, database }, () => done / checkouts)
  const began = Date.now()
  const reporter = setInterval(() => report(progressOf()), reportMs)

  await Promise.all(
    customers.map(async (customer) => {
      while (begun < checkouts) {
        if (begun++ % deliveryEvery === 0) await deliverScarce()
        await checkOut({ shop, shelves }, customer, planCheckout(customer.random, shelves))
        done++
      }
    }),
  )
  await faults.end()
  shop.history.faults.push(...faults.faults)
  const seconds = (Date.now() - began) / 1_000
  report(progressOf())

  // Those who left their orders would be waited for until their time to pay is over.
  const left = customers.flatMap(({ orders }) =>
    [...orders.values()].filter(({ state, isLeft }) => isLeft && !isFinal(state)),
  )
  if (options.payWithinMs > longestWaitMs) await Promise.all(left.map((order) => cancelOrder(shop, order)))
  const tables = await untilAtRest(stage)
  watching.abort()
  await watched
  const restSeconds = (Date.now() - began) / 1_000 - seconds
  clearInterval(reporter)
  await observers.stop()
  shop.history.surprises.push(...(await processes.stop()))
  shop.history.receipts.push(...receiptsOf(stage.mail.mails))
  return { history: shop.history, tables, database: database.name, seconds, restSeconds, errors: errorsOf() }

  function progressOf(): string {
    const states = [...shop.finals.values()]
    const confirmed = states.filter((state) => state === 'confirmed').length
    const inSeconds = ((Date.now() - began) / 1_000).toFixed(0)
    return `${inSeconds} s: ${done} of ${checkouts} checkouts, ${confirmed} orders confirmed, ${states.length - confirmed} cancelled, ${faults.faults.length} of ${plan.length} faults`
  }

  function errorsOf(): Map<string, number> {
    return new Map(
      processes.all.flatMap(({ name, errors }) => [...errors].map(([text, count]) => [`${name}: ${text}`, count])),
    )
  }
}

const deliveryEvery = 6
const longestWaitMs = 60_000
