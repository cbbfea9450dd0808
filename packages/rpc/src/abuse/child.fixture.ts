import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of its own that answers questions. */
export interface Child {
  /** Asks one question and waits for the answer. Fails if the process ends instead. */
  ask<Answer>(question: string | object): Promise<Answer>
  /** Says something that has no answer. */
  tell(message: string): void
  stop(): Promise<void>
}

/** Starts a module beside this one. */
export function startChild(module: string): Child {
  // A young generation of 1 MiB: otherwise what honest calls leave behind hides what abuse takes.
  const execArgv = ['--expose-gc', '--max-semi-space-size=1']
  const child = fork(new URL(module, import.meta.url), [], { execArgv })
  const exited = once(child, 'exit')

  return {
    async ask<Answer>(question: string | object) {
      child.send(question)
      const ended = exited.then(([code, signal]) => {
        throw new Error(`${module} ended with ${code ?? signal}`)
      })
      const [answer] = await Promise.race([once(child, 'message'), ended])
      return answer as Answer
    },
    tell: (message) => void child.send(message),
    async stop() {
      child.disconnect()
      await exited
    },
  }
}
