import { attacks } from './attacks.fixture.ts'
import { type Outcome, offend } from './offender.fixture.ts'

/** An attack to run, by its name, on a port of this machine. It lasts until the server ends it, or `give up` comes. */
export interface Order {
  attack: string
  port: number
}

let giveUp = new AbortController()

process.on('message', async (order: Order | 'give up') => {
  if (order === 'give up') return giveUp.abort()
  const attack = attacks.find(({ name }) => name === order.attack)
  if (!attack) throw new Error(`no attack is called ${order.attack}`)
  giveUp = new AbortController()
  process.send?.((await offend(attack, order.port, giveUp.signal)) satisfies Outcome)
})
process.on('disconnect', () => process.exit())
