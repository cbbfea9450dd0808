import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A child process that replies to messages. */
export interface Child {
  /** Sends a message and waits for the reply. Rejects if the process ends instead. */
  ask<Answer>(question: string | object): Promise<Answer>
  /** Sends a message that has no reply. */
  tell(message: string): void
  stop(): Promise<void>
}

/** Starts a module in a child process. It can collect its garbage and has a small young generation, so that its memory is comparable. */
export function startChild(module: URL): Child {
  // A young generation of 1 MiB: otherwise garbage of regular calls hides the memory of others.
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
