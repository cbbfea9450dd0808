import { fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

/** A child process that replies to one message at a time. */
export interface Worker {
  /** The message that it sent when it was ready. */
  readonly first: unknown
  ask(question: object): Promise<unknown>
  stop(): void
}

/** Starts a program that sends a message once it is ready, and then replies to messages. Its standard output is discarded. */
export async function startWorker(program: URL, ...args: readonly string[]): Promise<Worker> {
  const child = fork(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const gone = once(child, 'exit').then(() => {
    throw new Error(`${basename(program.pathname)} (${args.join(' ')}) ended early`)
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
