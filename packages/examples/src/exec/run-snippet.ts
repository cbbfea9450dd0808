import { performance } from 'node:perf_hooks'
import type { QuickJSContext } from 'quickjs-emscripten-core'
import { bounds, endings } from './bounds.ts'
import { createEngine } from './engine.ts'
import { giveConsole, type Tell } from './give-console.ts'
import type { SharedRun } from './shared-run.ts'

/** QuickJS's JS_EVAL_FLAG_ASYNC: a script that may await, and is strict only where it asks for that. It gives a promise. */
const asyncScript = 1 << 7
const jobsAtATime = 100

/** What a run is given. */
interface RunOptions {
  code: WebAssembly.Module
  run: SharedRun
  runMs: number
}

/**
 * Runs a snippet in an engine of its own, and resolves to what went wrong: '' where it ran to its end. Nothing is disposed
 * of, as whatever a snippet leaves behind goes with its engine.
 */
export async function runSnippet(source: string, { code, run, runMs }: RunOptions): Promise<string> {
  const engine = await createEngine(code)
  let endsAt = Number.POSITIVE_INFINITY
  let isLate = false
  const isOver = () => {
    isLate ||= run.isStopped() || performance.now() > endsAt
    return isLate || run.isFull()
  }

  try {
    const runtime = engine.quickJs.newRuntime({ interruptHandler: isOver, maxStackSizeBytes: bounds.stackBytes })
    const context = runtime.newContext()
    const tell = giveConsole(context, engine, run)
    endsAt = performance.now() + runMs
    const error = evaluate(source, context, isOver, tell)
    if (run.isFull()) return endings.tooMuchOutput
    return isLate ? endings.tooLong : error
  } catch (fault) {
    // The engine itself gave up, which no snippet can catch.
    if (isLate) return endings.tooLong
    if (engine.wasExhausted()) return endings.outOfMemory
    return fault instanceof RangeError ? endings.stackOverflow : endings.brokenDown
  }
}

function evaluate(source: string, context: QuickJSContext, isOver: () => boolean, tell: Tell): string {
  const evaluated = context.evalCode(source, 'snippet.js', asyncScript)
  if (evaluated.error) return tell(evaluated.error)
  while (context.runtime.hasPendingJob() && !isOver()) {
    const executed = context.runtime.executePendingJobs(jobsAtATime)
    if (executed.error) return tell(executed.error)
  }

  const script = context.getPromiseState(evaluated.value)
  if (script.type === 'pending') return endings.unsettled
  if (script.type === 'rejected') return tell(script.error)
  // The last expression of a script is its value. If that is a promise, nobody is left to handle its rejection.
  const last = context.getPromiseState(context.getProp(script.value, 'value'))
  return last.type === 'rejected' ? tell(last.error) : ''
}
