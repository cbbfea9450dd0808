// For the benchmarks of other packages, too.
export type { BenchClient, Settle } from './clients/client.ts'
export { type Driven, drive, type Load } from './drive.ts'
export { markdownTable } from './markdown-table.ts'
export { median } from './median.ts'
export { type Effort, type Round, runRounds, type Stage } from './rounds.ts'
export { startWorker, type Worker } from './worker.ts'
