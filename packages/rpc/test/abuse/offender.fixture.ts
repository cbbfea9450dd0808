import { createConnection, type Socket } from 'node:net'
import type { Attack } from './attacks.fixture.ts'
import { createFrameReader, pingAck, type ReceivedFrame } from './frames.fixture.ts'

/** The result of an attack. Times are in milliseconds from its beginning. */
export interface Outcome {
  closedAfterMs?: number | undefined
  /** When the server first reset one of its streams, or failed one. */
  refusedAfterMs?: number | undefined
  /** The code of GOAWAY (RFC 9113, 7), if the server sent one. */
  goaway?: number | undefined
  sentBytes: number
}

/** Attacks a local port on one connection, until the server closes it or the signal aborts. */
export async function offend(attack: Attack, port: number, signal: AbortSignal): Promise<Outcome> {
  const { send, isDeaf = false, isPolite = false } = attack
  const outcome: Outcome = { sentBytes: 0 }
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  signal.addEventListener('abort', () => socket.destroy())
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await Promise.race([new Promise((resolve) => socket.on('connect', resolve)), closed])
  const began = performance.now()
  const since = () => Math.round(performance.now() - began)

  if (!isDeaf) {
    const read = createFrameReader()
    socket.on('data', (bytes: Buffer) => {
      for (const each of read(bytes)) hear(each)
    })
  }
  function hear({ type, isAck, payload }: ReceivedFrame) {
    if (isPolite && type === 'PING' && !isAck) socket.write(pingAck(payload))
    if (type === 'RST_STREAM') outcome.refusedAfterMs ??= since()
    if (type === 'GOAWAY') outcome.goaway = payload.readUInt32BE(4)
  }

  void shout(send(), socket, closed)
  await closed
  if (!signal.aborted) outcome.closedAfterMs = since()
  outcome.sentBytes = socket.bytesWritten
  return outcome
}

async function shout(pieces: Iterable<Buffer>, socket: Socket, closed: Promise<unknown>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    const drained = socket.write(piece) || new Promise((resolve) => socket.once('drain', resolve))
    await Promise.race([drained, closed])
    // Lets events of the connection in between.
    await new Promise(setImmediate)
  }
}
