import { connect, type Socket } from 'node:net'
import type { BenchClient, Settle } from '@books/rpc/bench'

/** Visitors of a web server, with a connection for each who is there at the same time. */
export interface Visitors extends BenchClient {
  /** The bytes of all bodies so far. */
  bytes(): number
}

/**
 * Asks for pages with as little effort as there can be, so that the server is what is measured: it writes requests as they
 * are and reads of an answer its status and where it ends. An answer that is not 200, or that misses something, is an error.
 */
export function openVisitors(port: number, request: () => string): Visitors {
  const idle: Connection[] = []
  const all: Connection[] = []
  let bytes = 0

  function open(): Connection {
    const connection = openConnection(port, (bodyBytes) => {
      bytes += bodyBytes
      idle.push(connection)
    })
    all.push(connection)
    return connection
  }

  return {
    call: (settle) => (idle.pop() ?? open()).ask(request(), settle),
    bytes: () => bytes,
    close() {
      for (const { socket } of all) socket.destroy()
    },
  }
}

interface Connection {
  socket: Socket
  ask(request: string, settle: Settle): void
}

function openConnection(port: number, onAnswer: (bodyBytes: number) => void): Connection {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let chunks: Buffer[] = []
  let settle: Settle = () => {}

  socket.on('error', (error) => settle(error))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    const bodyBytes = bodyBytesOf(chunks)
    if (bodyBytes === undefined) return
    const isWhole = !chunks.some((each) => each.includes(fallback))
    chunks = []
    onAnswer(bodyBytes)
    settle(isWhole ? null : new Error('something is missing on a page'))
  })

  return {
    socket,
    ask(request, then) {
      settle = then
      socket.write(request)
    },
  }
}

const fallback = 'data-fallback='

/** The size of an answer's body once all of it is there. */
function bodyBytesOf(chunks: readonly Buffer[]): number | undefined {
  const [first = Buffer.alloc(0)] = chunks
  const headEnd = first.indexOf('\r\n\r\n') + 4
  const head = first.latin1Slice(0, headEnd)
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`answered with ${head}`)

  const received = chunks.reduce((sum, { length }) => sum + length, 0) - headEnd
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1]
  // Without a length it comes in pieces, of which the last is empty.
  const isOver = length === undefined ? chunks.at(-1)?.subarray(-5).equals(lastPiece) : received === Number(length)
  return isOver ? received : undefined
}

const lastPiece = Buffer.from('0\r\n\r\n')
