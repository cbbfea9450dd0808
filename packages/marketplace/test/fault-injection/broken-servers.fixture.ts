import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2'
import { createServer, type Server, type Socket } from 'node:net'

const grpcHeaders = { ':status': 200, 'content-type': 'application/grpc' }
const dripMs = 20

/** Broken servers, by their names. */
const servers = {
  'bytes that are not HTTP/2': () =>
    createServer((socket) => {
      socket.on('error', () => {})
      socket.resume()
      socket.write(randomBytes(4_096))
    }),
  'connections closed at once': () => createServer((socket) => socket.destroy()),
  'unreadable messages': () =>
    http2Server((stream) => {
      stream.respond(grpcHeaders, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(messageOf(Buffer.alloc(100, 0xff)))
    }),
  'truncated messages': () =>
    http2Server((stream) => {
      stream.respond(grpcHeaders, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(messageOf(Buffer.alloc(100)).subarray(0, 50))
    }),
  'no trailers': () =>
    http2Server((stream) => {
      stream.respond(grpcHeaders)
      stream.end(messageOf(Buffer.alloc(0)))
    }),
  'an HTML page': () =>
    http2Server((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' })
      stream.end('<!doctype html><h1>It works!</h1>')
    }),
  'a byte at a time': () =>
    http2Server((stream) => {
      stream.respond(grpcHeaders)
      const bytes = messageOf(Buffer.alloc(10_000)).values()
      const drip = setInterval(() => stream.write(Buffer.from([bytes.next().value ?? 0])), dripMs)
      stream.on('close', () => clearInterval(drip))
    }),
} satisfies Record<string, () => Server>

/** The name of a broken server. */
export type BrokenServer = keyof typeof servers

/** Whether a text is the name of a broken server. */
export function isBrokenServer(text: string): text is BrokenServer {
  return text in servers
}

/** Starts a broken server on a port of this machine. */
export async function startBrokenServer(name: BrokenServer, port: number): Promise<{ stop(): Promise<void> }> {
  const server: Server = servers[name]()
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  return {
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function http2Server(answer: (stream: ServerHttp2Stream) => void): Server {
  const server = createHttp2Server()
  server.on('sessionError', () => {})
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    answer(stream)
  })
  return server
}

// A gRPC message: the compressed flag, the length and the bytes.
function messageOf(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}
