import { constants, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import type { Server } from '@grpc/grpc-js'
import { type Limits, lookEveryMs } from '../call/limits.ts'
import type { Log } from '../call/log.ts'

/** The open connections of a server. */
export interface Connections {
  /** Watches what a server accepts, once it listens. */
  watch(server: Server): void
  /** For how many looks a connection has taken next to nothing; by its peer, `host:port`. Undefined for one that is gone. */
  stuckLooksOf(peer: string): number | undefined
  /** Closes one connection; by its peer. */
  destroy(peer: string): void
  /** Looks at every connection: asks whether somebody is there, and closes where nobody answers. */
  look(): void
}

interface Connection {
  socket: Socket
  /** Undefined while the two ends do not speak HTTP/2 yet. */
  session: ServerHttp2Session | undefined
  /** Looks since the last sign of life. */
  silentLooks: number
  isAsked: boolean
  bytesRead: number
  bytesWritten: number
  stuckLooks: number
  /** Calls broken off since the last look. */
  resets: number
}

// Who takes less than this between two looks takes next to nothing: a client that reads takes it at once.
const leastBytesTaken = 256
// Who sends more than this between two looks is there, even if an answer to a question has to wait behind it.
const manyBytesSent = 16_384

/**
 * Watches connections from outside, which costs calls nothing. Time is counted in looks, so that a server that stood
 * still itself blames nobody for it.
 */
export function createConnections(limits: Limits, log: Log): Connections {
  const askAfter = limits.keepaliveMs / lookEveryMs
  const closeAfter = (limits.keepaliveMs + limits.keepaliveTimeoutMs) / lookEveryMs
  const open = new Map<string, Connection>()

  function add(socket: Socket) {
    const peer = peerOf(socket)
    const connection = {
      socket,
      session: undefined,
      silentLooks: 0,
      isAsked: false,
      bytesRead: 0,
      bytesWritten: 0,
      stuckLooks: 0,
      resets: 0,
    }
    open.set(peer, connection)
    socket.on('close', () => open.delete(peer))
  }

  function begin(session: ServerHttp2Session) {
    const connection = open.get(peerOf(session.socket))
    if (!connection) return
    connection.session = session
    // Node's HTTP/2 has a limit of its own, of twice as many at once, which grpc-js does not let anybody set.
    session.on('stream', (stream) => {
      stream.on('close', () => {
        if (stream.rstCode === constants.NGHTTP2_NO_ERROR) return
        connection.resets++
        if (connection.resets > limits.resetsPerConnection) connection.socket.destroy()
      })
    })
  }

  function lookAt(connection: Connection) {
    const { socket, session } = connection
    const { bytesRead, bytesWritten } = socket
    const isStuck = bytesWritten - connection.bytesWritten < leastBytesTaken
    const isSilent = bytesRead - connection.bytesRead < manyBytesSent
    connection.stuckLooks = isStuck ? connection.stuckLooks + 1 : 0
    connection.silentLooks = isSilent ? connection.silentLooks + 1 : 0
    connection.resets = 0
    connection.bytesRead = bytesRead
    connection.bytesWritten = bytesWritten

    // One that was asked to go cannot be asked anything else, and goes with its last call.
    if (session?.closed) return
    if (connection.silentLooks >= closeAfter) socket.destroy()
    else if (session && !connection.isAsked && connection.silentLooks >= askAfter) ask(session, connection)
  }

  // Not left to grpc-js: its keepalive takes a session that finishes its last calls for a dead one, and cuts them off
  // (https://github.com/grpc/grpc-node/issues/3068 tells of the same in its client).
  function ask(session: ServerHttp2Session, connection: Connection) {
    connection.isAsked = true
    // Whoever is in the middle of sending headers cannot answer: nothing may come between their frames (RFC 9113, 6.10).
    session.ping((error) => {
      if (error) return
      connection.isAsked = false
      connection.silentLooks = 0
    })
  }

  return {
    watch(server) {
      for (const acceptor of acceptorsOf(server)) {
        acceptor.maxConnections = limits.connections
        // Before the listener that turns the socket into a session.
        acceptor.prependListener('connection', add)
        acceptor.on('session', begin)
        // The machine may be out of file descriptors for a while.
        acceptor.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'))
      }
    },
    stuckLooksOf: (peer) => open.get(peer)?.stuckLooks,
    destroy: (peer) => open.get(peer)?.socket.destroy(),
    look() {
      for (const connection of open.values()) lookAt(connection)
    },
  }
}

// @NOTE grpc-js shows its connections to nobody, and those that one accepts oneself are no part of its shutdown. Its
// version is pinned, the compiler checks the name of the field, and the tests of abuse fail without it.
function acceptorsOf(server: Server): Http2Server[] {
  return [...server['http2Servers'].keys()] as Http2Server[]
}

/** A peer as grpc-js names it in `getPeer`. */
function peerOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress}:${remotePort}`
}
