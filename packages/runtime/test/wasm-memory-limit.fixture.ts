import { createInMemory } from '../src/database/embedded.ts'
import { limitWasmMemory } from '../src/database/wasm-memory-limit.ts'

// Prints the peak memory in MiB after as many statements as a start sends. With a second argument it continues until that much
// memory was used, as V8 optimizes the largest function of PostgreSQL in the background, where it may.
const [limit, least = 0] = process.argv.slice(2).map(Number)
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024)

limitWasmMemory(limit)
const pglite = await createInMemory()
await pglite.exec('create table numbers as select number from generate_series(1, 20000) number')
const sum = () => pglite.query('select sum(number * number + 1) from numbers')
for (let times = 0; times < 40; times++) await sum()
console.log(peak())
while (peak() < least) await sum()
await pglite.close()
