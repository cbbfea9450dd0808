import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A process of its own that answers one question at a time. */
export interface Worker {
  /** What it said when it was ready. */
  readonly first: unknown
  ask(question: object): Promise<unknown>
  stop(): void
}

/** Starts a program of this folder. */
export async function startWorker(program: string, name: string): Promise<Worker> {
  const child = fork(join(import.meta.dirname, program), [name])
  const gone = once(child, 'exit').then(() => {
    throw new Error(`${program} (${name}) ended early`)
  })
  gone.catch(() => {})
  const next = async () => {
    const [message] = await Promise.race([once(child, 'message'), gone])
    return message as unknown
  }

  return {
    first: await next(),
    ask(question) {
      child.send(question)
      return next()
    },
    stop: () => void child.kill(),
  }
}
