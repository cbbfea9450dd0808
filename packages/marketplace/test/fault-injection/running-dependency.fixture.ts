import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Dependency } from './dependencies.fixture.ts'
import type { Manner } from './dependency-process.fixture.ts'

/** A dependency in a process of its own, which may be ill-treated. It stays on its port. */
export interface RunningDependency {
  readonly name: string
  readonly port: number
  /** Ends the process without a warning. */
  kill(): Promise<void>
  /** Starts the process anew; it answers well. */
  start(): Promise<void>
  /** Stops the process where it stands; its connections stay open. */
  freeze(): void
  thaw(): void
  /** Changes how it answers from now on. */
  behave(manner: Manner): Promise<void>
}

const program = fileURLToPath(new URL('./dependency-process.fixture.ts', import.meta.url))

/** Starts a dependency; it answers calls once this resolves. */
export async function startDependency({ name }: Dependency): Promise<RunningDependency> {
  let child = run(0)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]

  function run(port: number): ChildProcess {
    return fork(program, [name, String(port)], { execArgv: [] })
  }

  return {
    name,
    port,
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
    async start() {
      child = run(port)
      await once(child, 'message')
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async behave(manner) {
      child.send(manner)
      await once(child, 'message')
    },
  }
}
