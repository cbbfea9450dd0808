import { createInterface } from 'node:readline'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { printTrace } from './print-trace.ts'
import { readSpans, type Span } from './read-spans.ts'
import { slowestTraces } from './slowest-traces.ts'

const help = `Shows a trace from what the collector writes, which is read from the standard input.

  trace <trace id>   the spans of that trace
  trace              the ten slowest requests, and their traces' ids`

await runCommand({
  help,
  options: {},
  async run({ positionals: [traceId] }) {
    const spans: Span[] = []
    for await (const line of createInterface({ input: process.stdin })) {
      for (const span of readSpans(line)) if (traceId === undefined || span.traceId === traceId) spans.push(span)
    }
    if (spans.length === 0) throw new StartError(traceId === undefined ? 'no traces there' : 'no such trace there')
    console.log(traceId === undefined ? slowestTraces(spans, 10) : printTrace(spans))
  },
})
