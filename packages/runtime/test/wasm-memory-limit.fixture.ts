import { PGlite } from '@electric-sql/pglite'
import { limitWasmMemory } from '../src/database/wasm-memory-limit.ts'

// Has V8 optimise the biggest function, if it may, and prints what memory that took at its peak, in MiB. V8 does so in the
// background, so with a second argument this goes on until so much was taken, however busy the machine is.
const [limit, least = 0] = process.argv.slice(2).map(Number)
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024)

limitWasmMemory(limit)
const pglite = await PGlite.create()
await pglite.exec('create table numbers as select number from generate_series(1, 20000) number')
for (let times = 0; times < 20 || peak() < least; times++) {
  await pglite.query('select sum(number * number + 1) from numbers')
}
await pglite.close()
console.log(peak())
