import { PGlite } from '@electric-sql/pglite'
import { limitWasmMemory } from '../src/database/wasm-memory-limit.ts'

// Makes V8 optimize the largest function of PostgreSQL, where it may, and prints the peak memory in MiB. V8 optimizes in the
// background, so with a second argument this continues until that much memory was used.
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
