import { connect, type Socket } from 'node:net'
import { deadlineMs, method, request } from '../call.ts'
import { frameMessage } from '../grpc-message.ts'
import type { BenchClient, Settle } from './client.ts'
import { flags, frame, frames, frameType, requestHeader } from './http2-frames.ts'

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const connections = 4
const windowBytes = 2 ** 31 - 1
const defaultWindowBytes = 2 ** 16 - 1

/**
 * HTTP/2 written by hand, a few microseconds a call, which keeps a server busy from one process. It spreads its calls over
 * four connections and does not read the responses.
 */
export function openFrames(port: number): BenchClient {
  const open = Array.from({ length: connections }, () => openConnection(port))
  let next = 0

  return {
    call: (settle) => open[next++ % connections]?.call(settle),
    close() {
      for (const connection of open) connection.close()
    },
  }
}

function openConnection(port: number): BenchClient {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  const send = batch(socket)
  const waiting = new Map<number, { settle: Settle; isAnswered: boolean }>()
  const { first, later } = requestHeader(method.path, `${deadlineMs}m`)
  const message = frameMessage(method.requestSerialize(request))
  let stream = 1

  send(Buffer.from(preface))
  send(frame(frameType.settings, 0, 0, initialWindow(windowBytes)))
  send(frame(frameType.windowUpdate, 0, 0, uint32(windowBytes - defaultWindowBytes)))

  frames(socket, (type, flag, id, payload) => {
    if (type === frameType.settings && !(flag & flags.ack)) send(frame(frameType.settings, flags.ack, 0))
    if (type === frameType.ping && !(flag & flags.ack)) send(frame(frameType.ping, flags.ack, 0, payload))
    if (type === frameType.reset || type === frameType.goAway) throw new Error(`the server sent a frame ${type}`)

    const call = waiting.get(id)
    if (type === frameType.data && call) call.isAnswered = true
    if (type === frameType.headers && flag & flags.endStream) {
      waiting.delete(id)
      call?.settle(call.isAnswered ? undefined : new Error('the server gave no answer'))
    }
  })

  return {
    call(settle) {
      waiting.set(stream, { settle, isAnswered: false })
      send(frame(frameType.headers, flags.endHeaders, stream, stream === 1 ? first : later))
      send(frame(frameType.data, flags.endStream, stream, message))
      stream += 2
    },
    close: () => socket.destroy(),
  }
}

/** Writes in one piece what is sent in one turn of the event loop. */
function batch(socket: Socket): (bytes: Buffer) => void {
  let pieces: Buffer[] = []
  const flush = () => {
    socket.write(Buffer.concat(pieces))
    pieces = []
  }
  return (bytes) => {
    if (pieces.length === 0) process.nextTick(flush)
    pieces.push(bytes)
  }
}

// The setting for the flow control window of each stream, by its number in RFC 9113.
function initialWindow(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0, 4]), uint32(bytes)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
