import { setTimeout } from 'node:timers/promises'
import { StartError } from '@books/runtime'
import { numberOption, runCommand } from '@books/runtime/commands'
import { TourService, tourDescriptors } from '../../src/call/tour.fixture.ts'
import { type Client, createClient } from '../../src/client/client.ts'
import { type Child, startChild } from '../child.fixture.ts'
import { growthMib, type Memory } from '../memory.fixture.ts'
import { type Attack, attacks } from './attacks.fixture.ts'
import type { Outcome } from './offender.fixture.ts'
import type { Order } from './offender-process.fixture.ts'

const help = `Attacks a server in every way that this package has, and measures the effect on a regular client.

  pnpm --filter @books/rpc abuse [--only <part of a name>] [--repeats <times>]

Each attack has a fresh server, and begins anew a quarter of a second after the server has ended it, for as long as an
honest caller makes its calls. Times of honest calls are medians over the repeats, quiet and abused in turns. Memory is
the maximum of the whole process, without other callers. Exits with 1 where a bound is exceeded.`

const bounds = { closedMs: { flood: 1_000, slow: 10_000 }, memoryMib: 32, slowdown: 2 }
const callsAPhase = 1_000
const callsInFlight = 4
const pauseMs = 250

await runCommand({
  help,
  options: { only: { type: 'string', default: '' }, repeats: numberOption(9) },
  async run({ values: { only, repeats } }) {
    const chosen = attacks.filter(({ name }) => name.includes(only))
    if (chosen.length === 0) throw new StartError(`no attack has a name with "${only}"`)
    process.exitCode = await abuse(chosen, repeats)
  },
})

async function abuse(chosen: readonly Attack[], repeats: number): Promise<number> {
  console.log(row('attack', 'closed ms', 'memory MiB', 'p99 quiet', 'p99 abused', 'ratio', 'failed', ''))
  let broken = 0
  for (const attack of chosen) {
    const { closedMs, memoryMib, quietMs, abusedMs, failed } = await measure(attack, repeats)
    const ratio = abusedMs / quietMs
    const isKept =
      closedMs <= bounds.closedMs[attack.pace] &&
      memoryMib <= bounds.memoryMib &&
      ratio <= bounds.slowdown &&
      failed === 0
    if (!isKept) broken++
    const figures = [closedMs, memoryMib.toFixed(1), quietMs.toFixed(2), abusedMs.toFixed(2), ratio.toFixed(2), failed]
    console.log(row(attack.name, ...figures, isKept ? '' : 'BROKEN'))
  }
  return broken > 0 ? 1 : 0
}

async function measure(attack: Attack, repeats: number) {
  const victim = startChild(new URL('./victim.fixture.ts', import.meta.url))
  const offender = startChild(new URL('./offender-process.fixture.ts', import.meta.url))
  const port = await victim.ask<number>('port')
  const client = createClient(TourService, { address: `127.0.0.1:${port}`, descriptors: tourDescriptors() })
  const order: Order = { attack: attack.name, port }
  try {
    // Until code is compiled and memory is allocated.
    await time(client, 10 * callsAPhase)
    const before = await victim.ask<Memory>('memory')
    const { closedAfterMs = Number.POSITIVE_INFINITY } = await offender.ask<Outcome>(order)
    const after = await victim.ask<Memory>('memory')

    const phases = []
    for (let i = 0; i < repeats; i++) {
      const quiet = await time(client, callsAPhase)
      const abused = await abuseWhile(time(client, callsAPhase), order, offender)
      phases.push({ quiet, abused })
    }
    return {
      closedMs: closedAfterMs,
      memoryMib: growthMib(before, after),
      quietMs: median(phases.map(({ quiet }) => quiet.p99Ms)),
      abusedMs: median(phases.map(({ abused }) => abused.p99Ms)),
      failed: phases.reduce((sum, { quiet, abused }) => sum + quiet.failed + abused.failed, 0),
    }
  } finally {
    client.close()
    await offender.stop()
    await victim.stop()
  }
}

/** Repeats an attack until a promise settles. */
async function abuseWhile<Result>(something: Promise<Result>, order: Order, offender: Child): Promise<Result> {
  const over = new AbortController()
  const attacking = (async () => {
    while (!over.signal.aborted) {
      await offender.ask(order)
      await setTimeout(pauseMs)
    }
  })()
  try {
    return await something
  } finally {
    over.abort()
    offender.tell('give up')
    await attacking
  }
}

async function time(client: Client<typeof TourService>, calls: number) {
  const times: number[] = []
  let failed = 0
  let left = calls
  const work = async () => {
    while (left-- > 0) {
      const began = performance.now()
      await client.greet({ name: 'Ada' }).catch(() => failed++)
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: callsInFlight }, work))
  times.sort((a, b) => a - b)
  return { p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.NaN, failed }
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function row(name: string, ...figures: (string | number)[]): string {
  return [name.padEnd(40), ...figures.map((figure) => String(figure).padStart(10))].join(' ')
}
