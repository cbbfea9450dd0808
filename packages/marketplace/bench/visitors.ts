import { connect, type Socket } from 'node:net'
import type { BenchClient, Settle } from '@books/rpc/bench'

/** An HTTP client with a connection for each concurrent request. */
export interface Visitors extends BenchClient {
  /** The number of bytes of all bodies so far. */
  bytes(): number
}

/**
 * Requests pages with as little CPU time as possible, so that the server is measured: it writes prepared requests, and reads
 * only the status and the end of a response. A status other than 200 is an error, and so is a fallback in the hundredth page of a connection.
 */
export function openVisitors(port: number, request: () => string): Visitors {
  const idle: Connection[] = []
  const open = new Set<Connection>()
  let bytes = 0

  function openAnother(): Connection {
    const connection = openConnection(port, (answer) => {
      bytes += answer.bodyBytes
      if (answer.isLast) open.delete(connection)
      else idle.push(connection)
    })
    open.add(connection)
    return connection
  }

  return {
    call: (settle) => (idle.pop() ?? openAnother()).ask(request(), settle),
    bytes: () => bytes,
    close() {
      for (const { socket } of open) socket.destroy()
    },
  }
}

interface Connection {
  socket: Socket
  ask(request: string, settle: Settle): void
}

interface Answer {
  bodyBytes: number
  /** Whether the server closes the connection after it. */
  isLast: boolean
}

function openConnection(port: number, onAnswer: (answer: Answer) => void): Connection {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let chunks: Buffer[] = []
  let answers = 0
  let settle: Settle | undefined

  socket.on('error', (error) => settle?.(error))
  socket.on('close', () => settle?.(new Error('the connection was closed before the response')))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    const answer = findAnswer(chunks)
    if (!answer) return
    // To look for it takes longer than to serve a page.
    const isWhole = ++answers % 100 > 0 || !chunks.some((each) => each.includes(fallback))
    const settleThis = settle
    chunks = []
    settle = undefined
    onAnswer(answer)
    settleThis?.(isWhole ? null : new Error('a page has a fallback'))
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

/** The response once it is complete. */
function findAnswer(chunks: readonly Buffer[]): Answer | undefined {
  const [first = Buffer.alloc(0)] = chunks
  const headEnd = first.indexOf('\r\n\r\n') + 4
  const head = first.toString('latin1', 0, headEnd).toLowerCase()
  if (!head.startsWith('http/1.1 200 ')) throw new Error(`answered with ${head}`)

  const bodyBytes = chunks.reduce((sum, { length }) => sum + length, 0) - headEnd
  const isThere = bodyBytes === Number(/\r\ncontent-length: (\d+)\r\n/.exec(head)?.[1])
  return isThere ? { bodyBytes, isLast: head.includes('\r\nconnection: close\r\n') } : undefined
}
