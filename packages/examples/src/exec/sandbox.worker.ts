import { parentPort, workerData } from 'node:worker_threads'
import { runSnippet } from './run-snippet.ts'
import type { ThreadStart } from './sandbox.ts'
import { openSharedRun } from './shared-run.ts'

// The thread of a sandbox: it is given one snippet after the other, and tells what went wrong with each.
const { code, runMs, memory } = workerData as ThreadStart
const run = openSharedRun(memory)

parentPort?.on('message', (source: string) => void answer(source))
parentPort?.postMessage('ready')

async function answer(source: string) {
  parentPort?.postMessage(await runSnippet(source, { code, run, runMs }))
}
