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

/** Starts a module. It can collect its garbage, and has a small young generation, so that its memory tells something. */
export function startChild(module: URL): Child {
  // A young generation of 1 MiB: otherwise what honest calls leave behind hides what others take.
  const execArgv = ['--expose-gc', '--max-semi-space-size=1']
  const child = fork(module, [], { execArgv })
  const exited = once(child, 'exit')

  return {
    async ask<Answer>(question: string | object) {
      child.send(question)
      const ended = exited.then(([code, signal]) => {
        throw new Error(`${module.pathname} ended with ${code ?? signal}`)
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
