import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A service in a process of its own, whose port stays the same. */
export interface ServiceProcess {
  readonly name: string
  readonly port: number
  /** Ends it with SIGKILL. */
  kill(): Promise<void>
  /** Starts it again; resolves once it answers. */
  start(): Promise<void>
  /** Stops it with SIGSTOP; its connections stay open. */
  pause(): void
  resume(): void
  /** Stops it with SIGTERM, and resolves to its exit code. */
  stop(): Promise<number | null>
  /** How often each message was logged as an error. */
  readonly errors: ReadonlyMap<string, number>
  /** How often it ended by itself. */
  readonly crashes: readonly string[]
}

/** A program and its environment. */
export interface Program {
  name: string
  path: URL
  env: Readonly<Record<string, string>>
}

interface Line {
  level: number
  msg: string
  port?: number
  err?: { message?: string }
}

const error = 50
const mostStarts = 8
const betweenStartsMs = 500
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a service on a free port; it answers once this resolves. */
export async function startServiceProcess({ name, path, env }: Program): Promise<ServiceProcess> {
  const errors = new Map<string, number>()
  const crashes: string[] = []
  let port = 0
  let isEnding = false
  let child: ChildProcess

  async function startOnce(): Promise<void> {
    isEnding = false
    const own = spawn(process.execPath, ['--liftoff-only', fileURLToPath(path)], {
      env: { ...env, HOST: '127.0.0.1', PORT: String(port), LOG_FORMAT: 'json', LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = own
    running.add(own)
    const answers = Promise.withResolvers<number>()
    let output = ''
    let hasAnswered = false
    own.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    createInterface(own.stdout).on('line', (text) => {
      const line = readLine(text)
      if (!line) return
      if (line.msg === `${name} answers` && line.port) answers.resolve(line.port)
      if (line.level >= error) count(errors, `${line.msg}${line.err?.message ? `: ${line.err.message}` : ''}`)
      if (line.level > error) output += `${text}\n`
    })
    own.once('exit', (code, signal) => {
      running.delete(own)
      if (!hasAnswered) isEnding = true
      answers.reject(new Error(`${name} ended before it answered (${code ?? signal}): ${output}`))
      if (!isEnding) crashes.push(`${name} ended by itself (${code ?? signal}): ${output}`)
    })
    answers.promise.catch(() => {})
    port = await answers.promise
    hasAnswered = true
  }

  /** As an orchestrator does: again where it cannot open its database, which may be down just then. */
  async function start(): Promise<void> {
    for (let left = mostStarts; ; left--) {
      try {
        return await startOnce()
      } catch (problem) {
        if (left === 1) throw problem
        await delay(betweenStartsMs)
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    isEnding = true
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code] = (await exited) as [number | null]
    return code
  }

  await start()
  return {
    name,
    port,
    errors,
    crashes,
    start,
    kill: async () => void (await end('SIGKILL')),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  }
}

function readLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
