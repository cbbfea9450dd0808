import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Dependency } from './dependencies.fixture.ts'
import type { Behaviour } from './dependency-process.fixture.ts'

/** A dependency in a process of its own, into which faults can be injected. Its port does not change. */
export interface RunningDependency {
  readonly name: string
  readonly port: number
  /** Ends the process with SIGKILL. */
  kill(): Promise<void>
  /** Starts the process again, without faults. */
  start(): Promise<void>
  /** Pauses the process with SIGSTOP; its connections stay open. */
  freeze(): void
  thaw(): void
  /** Changes how it answers. */
  behave(behaviour: Behaviour): Promise<void>
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
    async behave(behaviour) {
      child.send(behaviour)
      await once(child, 'message')
    },
  }
}
