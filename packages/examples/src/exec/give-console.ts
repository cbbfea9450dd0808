import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'
import { bounds, endings } from './bounds.ts'
import type { Engine } from './engine.ts'
import { installGuestConsole } from './guest-console.ts'
import { createGuestInspector } from './guest-inspector.ts'
import type { SharedRun } from './shared-run.ts'

const mostErrorLines = 12
const file = '<console>'

/** Says what a snippet threw. */
export type Tell = (thrown: QuickJSHandle) => string

/** Gives a snippet what it prints with. */
export function giveConsole(context: QuickJSContext, engine: Engine, run: SharedRun): Tell {
  const send = context.newFunction('send', (json) => {
    run.print(readText(json))
    return run.isFull() ? context.false : context.true
  })
  const inspector = evaluateCall(createGuestInspector)
  const tell = evaluateCall(installGuestConsole, inspector, send, context.newNumber(bounds.outputBytes))

  return (thrown) => {
    const told = context.callFunction(tell, context.undefined, thrown)
    // A full memory has no room for an error that says so: null is thrown instead, or telling it fails.
    if (told.error) return engine.wasExhausted() ? endings.outOfMemory : endings.untellable
    const text = readText(told.value)
    return text === 'Uncaught null' && engine.wasExhausted() ? endings.outOfMemory : shorten(text) || endings.untellable
  }

  // The text of a function, and not the function, is what the sandbox gets.
  function evaluateCall(made: (...given: never[]) => unknown, ...given: QuickJSHandle[]): QuickJSHandle {
    const evaluated = context.unwrapResult(context.evalCode(`"use strict"; (${made.toString()})`, file))
    return context.unwrapResult(context.callFunction(evaluated, context.undefined, given))
  }

  function readText(json: QuickJSHandle): string {
    return JSON.parse(context.getString(json))
  }
}

/** An error without its lines in the console, and with no more of them than anybody reads. */
function shorten(error: string): string {
  const lines = error.slice(0, bounds.errorCharacters).toWellFormed().trimEnd().split('\n')
  return lines
    .filter((line) => !line.includes(`(${file}:`))
    .slice(0, mostErrorLines)
    .join('\n')
}
