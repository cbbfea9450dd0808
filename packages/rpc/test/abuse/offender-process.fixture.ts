import { attacks } from './attacks.fixture.ts'
import { type Outcome, offend } from './offender.fixture.ts'

/** Runs an attack by its name on a local port, until the server closes the connection or `give up` is received. */
export interface Order {
  attack: string
  port: number
}

let giveUp = new AbortController()

process.on('message', (order: Order | 'give up') => {
  if (order === 'give up') giveUp.abort()
  else void follow(order)
})
process.on('disconnect', () => process.exit())

async function follow({ attack: name, port }: Order) {
  const attack = attacks.find((each) => each.name === name)
  if (!attack) throw new Error(`unknown attack ${name}`)
  giveUp = new AbortController()
  process.send?.((await offend(attack, port, giveUp.signal)) satisfies Outcome)
}
