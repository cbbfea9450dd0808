import { setTimeout as delay } from 'node:timers/promises'
import { docker, inspect } from '../containers/docker.ts'
import { waitUntil } from '../containers/wait-until.ts'
import { startCalls } from './calls.ts'
import { hardened } from './hardened.ts'
import { type ImageFacts, megabytesAdded, problemsOf, unwantedFilesOf } from './image-rules.ts'
import { listFiles } from './list-files.ts'
import type { Trial } from './trial.ts'

/** The result of a smoke test. */
export interface SmokeReport {
  problems: string[]
  /** What the image adds to its base. */
  addedMegabytes: number
  /** From the start of the container until it answered. */
  readyMs: number
  /** What it took to stop it, its drain included. */
  stopMs: number
  /** The calls that were made while it was stopped. */
  calls: number
}

const base = 'gcr.io/distroless/nodejs24-debian12:nonroot'
const readyWithinMs = 30_000
const graceSeconds = 20
const underCallsMs = 500

interface ContainerFacts {
  State: { StartedAt: string; ExitCode: number; OOMKilled: boolean }
  NetworkSettings: { Ports: Record<string, { HostPort: string }[]> }
}

/** Starts an image read-only, as non-root and without capabilities, calls it, stops it while it is called, and lists its files. */
export async function smokeTest(image: string, trial: Trial): Promise<SmokeReport> {
  const facts = await inspect<ImageFacts>(image)
  const baseFacts = await inspect<ImageFacts>(base)
  const problems = [...problemsOf(facts, baseFacts), ...unwantedFilesOf(await listFiles(image))]

  const env = Object.entries(trial.env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const published = ['--publish', `127.0.0.1::${trial.port}`]
  const container = (await docker('run', '--detach', ...hardened, ...env, ...published, image)).trim()
  try {
    const { State, NetworkSettings } = await inspect<ContainerFacts>(container)
    const readyMs = await readyAfter(container, State.StartedAt)
    await docker('exec', container, '/nodejs/bin/node', ...trial.probe)
    const client = await trial.open(Number(NetworkSettings.Ports[`${trial.port}/tcp`]?.[0]?.HostPort))
    try {
      await client.call()
      const { made, failures, stopMs } = await stopUnderCalls(container, trial, client.call)

      const { ExitCode, OOMKilled } = (await inspect<ContainerFacts>(container)).State
      if (OOMKilled || ExitCode !== 0) problems.push(`ended with ${ExitCode}${OOMKilled ? ', out of memory' : ''}`)
      if (stopMs > graceSeconds * 1_000) problems.push(`took ${stopMs} ms to stop`)
      if (failures.length > 0) problems.push(`${failures.length} calls failed while it stopped: ${failures[0]}`)
      return { problems, addedMegabytes: megabytesAdded(facts, baseFacts), readyMs, stopMs, calls: made }
    } finally {
      client.close()
    }
  } finally {
    await docker('rm', '--force', container)
  }
}

/** From its own log, as a probe would notice late. */
async function readyAfter(container: string, startedAt: string): Promise<number> {
  let answersAt: string | undefined
  await waitUntil(
    'the log says that it answers',
    async () => {
      const log = await docker('logs', container)
      const { Running } = (await inspect<{ State: { Running: boolean } }>(container)).State
      answersAt = /"time":(\d+).*"msg":"(?:[a-z-]+ answers|Server listening)/.exec(log)?.[1]
      if (!Running) throw new Error(`it ended:\n${log}`)
      return answersAt !== undefined
    },
    { withinMs: readyWithinMs },
  )
  return Number(answersAt) - Date.parse(startedAt)
}

/** Callers leave while a server drains, as load balancers make them. An HTTP service does not drain: no call begins after its stop. */
async function stopUnderCalls(container: string, { drainMs }: Trial, call: () => Promise<void>) {
  const calls = startCalls(call)
  await delay(underCallsMs)
  const toldMs = Date.now()
  const stopped = docker('stop', '--time', String(graceSeconds), container)
  await delay(drainMs / 2)
  const { made, failures } = await calls.end()
  await stopped
  return { made, failures, stopMs: Date.now() - toldMs }
}
