import { PGlite } from '@electric-sql/pglite'
import { limitWasmMemory } from './wasm-memory-limit.ts'

// What has V8 optimise the biggest function, if it may.
limitWasmMemory(Number(process.argv[2]))
const pglite = await PGlite.create()
await pglite.exec('create table numbers as select number from generate_series(1, 20000) number')
for (let times = 0; times < 20; times++) await pglite.query('select sum(number * number + 1) from numbers')
await pglite.close()
console.log(Math.round(process.resourceUsage().maxRSS / 1024))
