import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { BookCategory, loadDescriptors, RecommendationsService } from '@books/proto'
import { createClient } from '@books/rpc'

/** What a start took. */
export interface StartFigures {
  /** From the start of the process until a reader had an answer. */
  readonly firstAnswerMs: number
  /** What the processor did until then, with all threads. */
  readonly cpuMs: number
  /** The peak memory at the end, after all readers were answered. */
  readonly peakMb: number
  /** The memory then. */
  readonly memoryMb: number
  /** The mean answer, with the call. */
  readonly answerMs: number
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** How a start is measured. */
export interface StartOptions {
  readerIds: readonly number[]
  /** Whether the embedded database runs as in a container of less than 2 GB. */
  isLimited: boolean
}

// As the database sets them in such a container.
const limitedFlags = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']

/** Starts the service on a data folder, asks for the readers one after the other, and stops it. Works on Linux only. */
export async function measureStart(dataDir: string, { readerIds, isLimited }: StartOptions): Promise<StartFigures> {
  const started = performance.now()
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: '0',
    INVENTORY_PORT: '0',
    TRANSACTIONS_PORT: '0',
    REVIEWS_PORT: '0',
  }
  const child = spawn(process.execPath, [...(isLimited ? limitedFlags : []), main], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    const port = await findPort(child.stdout)
    const client = createClient(RecommendationsService, {
      address: `localhost:${port}`,
      descriptors: loadDescriptors(),
    })
    const ask = (userId: number) =>
      client.recommend({ userId, category: BookCategory.MYSTERY, allCategories: true, maxResults: 20 })
    await ask(readerIds[0] ?? 1)
    const firstAnswerMs = performance.now() - started
    const cpuMs = await cpuOf(child.pid!)

    const asked = performance.now()
    for (const readerId of readerIds) await ask(readerId)
    const answerMs = (performance.now() - asked) / Math.max(1, readerIds.length)
    client.close()
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    return { firstAnswerMs, cpuMs, answerMs, peakMb: readMb(status, 'VmHWM'), memoryMb: readMb(status, 'VmRSS') }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

function findPort(stdout: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stdout.on('data', (piece: Buffer) => {
      text += piece.toString()
      const [, port] = /"port":(\d+),"msg":"recommendations answers"/.exec(text) ?? []
      if (port) resolve(port)
    })
    stdout.on('end', () => reject(new Error(`the service ended:\n${text}`)))
  })
}

const ticksInSecond = 100

async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksInSecond
}

function readMb(status: string, field: string): number {
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024)
}
