import { attacks } from './attacks.fixture.ts'
import { type Outcome, offend } from './offender.fixture.ts'

/** An attack to run, by its name, on a port of this machine. It lasts until the server ends it, or `give up` comes. */
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
  if (!attack) throw new Error(`no attack is called ${name}`)
  giveUp = new AbortController()
  process.send?.((await offend(attack, port, giveUp.signal)) satisfies Outcome)
}
