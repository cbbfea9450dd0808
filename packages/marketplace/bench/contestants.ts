import Fastify from 'fastify'
import { startConstantBytes } from './constant-bytes.ts'
import { startConstantPage, startOneCall } from './constant-shop.ts'
import type { Cookies } from './readers.ts'
import { startWholeShop } from './whole-shop.ts'

/** A server of pages that is measured. */
export interface Contestant {
  name: string
  /** One line about it. */
  about: string
  /** The cookies of its visitors; none for anonymous ones. */
  cookies?: Cookies
  /** The reference contestant, and the share of its pages that this one should reach. */
  bar?: { of: string; share: number }
  /** Serves on a free port of 127.0.0.1 and resolves to it. The services are on `servicesPort`. */
  start(servicesPort: number): Promise<number>
}

/** All contestants, in the order of the report. */
export const contestants: readonly Contestant[] = [
  {
    name: 'anonymous',
    about: 'the shop, for visitors without cookies',
    bar: { of: 'constant bytes', share: 0.6 },
    start: startWholeShop,
  },
  {
    name: 'different readers',
    about: 'the shop, for readers who come once and have preferences of their own',
    cookies: 'preferences',
    bar: { of: 'one call and rendering', share: 0.75 },
    start: startWholeShop,
  },
  {
    name: 'cart',
    about: 'the shop, for a visitor with three books in the cart',
    cookies: 'cart',
    start: startWholeShop,
  },
  {
    name: 'constant bytes',
    about: "the page of 'anonymous' from memory, by bare node:http",
    start: startConstantBytes,
  },
  {
    name: 'constant page',
    about: "the page of 'anonymous', rendered from the same page object each time",
    start: startConstantPage,
  },
  {
    name: 'one call and rendering',
    about: "a Recommend call, and the page of one of the 'different readers' rendered likewise",
    cookies: 'preferences',
    start: startOneCall,
  },
  { name: 'hello', about: 'bare Fastify: "hello"', start: startHello },
]

/** The contestant of a name. */
export function contestantOf(name: string): Contestant {
  const found = contestants.find((contestant) => contestant.name === name)
  if (!found) throw new Error(`There is no contestant ${name}`)
  return found
}

async function startHello(): Promise<number> {
  const app = Fastify()
  app.get('/', async () => 'hello')
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}
