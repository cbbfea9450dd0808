import { parentPort } from 'node:worker_threads'
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'
import { createEngine, type Engine } from './engine.ts'
import { installConsole } from './guest-console.ts'
import { endings, limits } from './limits.ts'
import { type Output, openOutput } from './output.ts'
import type { Job } from './sandbox.ts'

/** QuickJS's JS_EVAL_FLAG_ASYNC: a script that may await, and whose value is a promise. */
const asyncScript = 1 << 7

parentPort?.on('message', (job: Job) => void answer(job))
parentPort?.postMessage('ready')

async function answer({ source, memory }: Job): Promise<void> {
  const output = openOutput(memory)
  const error = runSnippet(source, await createEngine(), output)
  parentPort?.postMessage(output.isFull() ? endings.tooMuchOutput : error)
}

/** Runs a snippet and returns its error. It frees nothing, because the engine is not used again. */
function runSnippet(source: string, engine: Engine, output: Output): string {
  try {
    // An interrupt ends a snippet even if it catches every error.
    const limited = { interruptHandler: output.isFull, maxStackSizeBytes: limits.stackBytes }
    const context = engine.quickJs.newRuntime(limited).newContext()
    const describe = openConsole(context, engine, output)
    const script = context.evalCode(source, 'snippet.js', asyncScript)
    if (script.error) return describe(script.error)
    const jobs = context.runtime.executePendingJobs()
    if (jobs.error) return describe(jobs.error)

    const result = context.getPromiseState(script.value)
    if (result.type === 'pending') return endings.unsettled
    if (result.type === 'rejected') return describe(result.error)
    // The value of a script is that of its last expression, such as the promise of a call of `main()`.
    const last = context.getPromiseState(context.getProp(result.value, 'value'))
    return last.type === 'rejected' ? describe(last.error) : ''
  } catch (fault) {
    // The engine itself gave up, which a snippet cannot catch.
    if (engine.wasExhausted()) return endings.outOfMemory
    if (fault instanceof RangeError) return endings.stackOverflow
    throw fault
  }
}

/** Gives a snippet its console, and returns a function that describes what it threw. */
function openConsole(context: QuickJSContext, engine: Engine, output: Output): (thrown: QuickJSHandle) => string {
  const readText = (json: QuickJSHandle): string => JSON.parse(context.getString(json))
  const send = context.newFunction('send', (json) => {
    output.write(readText(json))
    return output.isFull() ? context.false : context.true
  })
  const install = context.unwrapResult(context.evalCode(`"use strict"; (${installConsole.toString()})`, '<console>'))
  const maxCharacters = context.newNumber(limits.outputBytes)
  const describe = context.unwrapResult(context.callFunction(install, context.undefined, send, maxCharacters))

  return (thrown) => {
    const described = context.callFunction(describe, context.undefined, thrown)
    const text = described.error ? '' : readText(described.value)
    // A full memory has no room for an error that says so: null is thrown instead, or describing the error fails.
    if (engine.wasExhausted() && (text === '' || text === 'Uncaught null')) return endings.outOfMemory
    return text.slice(0, limits.errorCharacters).toWellFormed().trimEnd() || endings.unreadable
  }
}
