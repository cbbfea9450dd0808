import { openBare } from './clients/bare.ts'
import { openBooks } from './clients/books.ts'
import type { BenchClient } from './clients/client.ts'
import { openFrames } from './clients/frames.ts'
import { openHttp2 } from './clients/http2.ts'
import { startBare } from './servers/bare.ts'
import { startBooks } from './servers/books.ts'
import { startHttp2 } from './servers/http2.ts'
import { registerTelemetry } from './telemetry.ts'

/** The servers by name. Each listens on a free port and resolves to it. */
export const servers: Record<string, () => Promise<number>> = {
  bare: startBare,
  books: startBooks,
  'books with telemetry': withTelemetry(startBooks),
  http2: startHttp2,
}

/** The clients by name. */
export const clients: Record<string, (port: number) => BenchClient | Promise<BenchClient>> = {
  bare: openBare,
  books: openBooks,
  'books with telemetry': withTelemetry(openBooks),
  http2: openHttp2,
  frames: openFrames,
}

function withTelemetry<Args extends unknown[], Result>(
  start: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    await registerTelemetry()
    return start(...args)
  }
}
