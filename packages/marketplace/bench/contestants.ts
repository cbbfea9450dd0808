import Fastify from 'fastify'
import { startConstantPage, startOneCall } from './constant-shop.ts'
import { startWholeShop } from './whole-shop.ts'

/** Something that answers with a page. */
export interface Contestant {
  name: string
  /** What it is, in a line. */
  about: string
  /** Whether each visitor is another reader, whose cookie tells a preferences that nobody had before. */
  hasReaders: boolean
  /** The contestant that it is measured by, and the share of its pages that it is to manage. */
  bar?: { of: string; share: number }
  /** Serves on a free port of 127.0.0.1 and resolves to it. The services are on the other port. */
  start(servicesPort: number): Promise<number>
}

/** All who take part, in the order in which they are shown. */
export const contestants: readonly Contestant[] = [
  {
    name: 'anonymous',
    about: 'the shop, to visitors who have said nothing',
    hasReaders: false,
    bar: { of: 'constant page', share: 0.6 },
    start: startWholeShop,
  },
  {
    name: 'different readers',
    about: 'the shop, to readers of whom each comes once and has a preferences of their own',
    hasReaders: true,
    bar: { of: 'one call and rendering', share: 0.75 },
    start: startWholeShop,
  },
  {
    name: 'constant page',
    about: "the page of 'anonymous', rendered by its templates from what they once were given",
    hasReaders: false,
    start: startConstantPage,
  },
  {
    name: 'one call and rendering',
    about: "a Recommend call, and the page of one of the 'different readers' rendered likewise",
    hasReaders: true,
    start: startOneCall,
  },
  { name: 'hello', about: 'bare Fastify: "hello"', hasReaders: false, start: startHello },
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
