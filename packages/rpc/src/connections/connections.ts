import { constants, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import type { Server } from '@grpc/grpc-js'
import type { Log } from '../call/log.ts'
import { forgetCall, ignoreWritesAfterEnd } from './ended-streams.ts'
import type { Limits } from './limits.ts'
import { limitTimeout } from './timeout-header.ts'
import type { UnfinishedRequests } from './unfinished-requests.ts'

/** The open connections of a server. */
export interface Connections {
  /** Watches the connections that a listening server accepts. */
  watch(server: Server): void
  /** For how many checks the connection with a peer, `host:port`, has accepted next to no bytes; undefined once it is closed. */
  stalledChecksOf(peer: string): number | undefined
  /** Closes the connection with a peer. */
  destroy(peer: string): void
  /** Closes every connection at once; the calls on it are cancelled. */
  destroyAll(): void
  /** Pings silent connections, and closes those that stay silent. */
  check(): void
}

interface Connection {
  socket: Socket
  /** Undefined until the connection speaks HTTP/2. */
  session: ServerHttp2Session | undefined
  /** Checks since the last sign of life. */
  silentChecks: number
  isPinged: boolean
  bytesRead: number
  bytesWritten: number
  stalledChecks: number
  /** Streams reset since the last check. */
  resets: number
}

// A connection that accepts less than this between two checks is stalled: a client that reads accepts it at once.
const minBytesWritten = 256
// A connection that sends more than this between two checks is alive, though its reply to a ping may wait behind it.
const minBytesRead = 16_384

/**
 * Watches the connections apart from their calls, which costs calls nothing. Time is counted in checks, so that a server
 * whose event loop was blocked does not close connections for it.
 */
export function createConnections(limits: Limits, unfinished: UnfinishedRequests, log: Log): Connections {
  const pingAfter = limits.keepaliveMs / limits.checkEveryMs
  const closeAfter = (limits.keepaliveMs + limits.keepaliveTimeoutMs) / limits.checkEveryMs
  const open = new Map<string, Connection>()
  const openOf = new Map<string | undefined, number>()

  function addSocket(socket: Socket) {
    const peer = peerOf(socket)
    const { remoteAddress } = socket
    const openOfAddress = (openOf.get(remoteAddress) ?? 0) + 1
    openOf.set(remoteAddress, openOfAddress)
    // Only once the listeners after this one have seen it.
    if (openOfAddress > limits.connectionsPerPeer) process.nextTick(() => socket.destroy())
    const connection = {
      socket,
      session: undefined,
      silentChecks: 0,
      isPinged: false,
      bytesRead: 0,
      bytesWritten: 0,
      stalledChecks: 0,
      resets: 0,
    }
    open.set(peer, connection)
    socket.on('close', () => {
      open.delete(peer)
      const left = (openOf.get(remoteAddress) ?? 0) - 1
      if (left > 0) openOf.set(remoteAddress, left)
      else openOf.delete(remoteAddress)
    })
  }

  function addSession(session: ServerHttp2Session) {
    const connection = open.get(peerOf(session.socket))
    if (!connection) return
    connection.session = session
    // Before the listener of grpc-js, and one for all of this, as each costs every call.
    session.prependListener('stream', (stream, headers) => {
      const beganAt = performance.now()
      ignoreWritesAfterEnd(stream)
      limitTimeout(headers)
      unfinished.add(stream, beganAt)
      stream.on('close', () => {
        unfinished.delete(stream)
        forgetCall(stream)
        // Node's own limit is twice as many at once, and grpc-js has no option for it.
        if (stream.rstCode === constants.NGHTTP2_NO_ERROR || performance.now() - beganAt > limits.rapidResetMs) return
        connection.resets++
        if (connection.resets > limits.resetsPerConnection) connection.socket.destroy()
      })
    })
  }

  function check(connection: Connection) {
    const { socket, session } = connection
    const { bytesRead, bytesWritten } = socket
    const isStalled = bytesWritten - connection.bytesWritten < minBytesWritten
    const isSilent = bytesRead - connection.bytesRead < minBytesRead
    connection.stalledChecks = isStalled ? connection.stalledChecks + 1 : 0
    connection.silentChecks = isSilent ? connection.silentChecks + 1 : 0
    connection.resets = 0
    connection.bytesRead = bytesRead
    connection.bytesWritten = bytesWritten

    // A session that is closing cannot ping, and ends with its last call.
    if (session?.closed) return
    if (connection.silentChecks >= closeAfter) socket.destroy()
    else if (session && !connection.isPinged && connection.silentChecks >= pingAfter) ping(session, connection)
  }

  // Not left to grpc-js: its keepalive takes a session that finishes its last calls for a dead one and ends those calls
  // (https://github.com/grpc/grpc-node/issues/3068 reports the same of its client).
  function ping(session: ServerHttp2Session, connection: Connection) {
    connection.isPinged = true
    // A peer in the middle of a header block cannot reply: no other frame may interrupt it (RFC 9113, 6.10).
    session.ping((error) => {
      if (error) return
      connection.isPinged = false
      connection.silentChecks = 0
    })
  }

  return {
    watch(server) {
      for (const acceptor of acceptorsOf(server)) {
        acceptor.maxConnections = limits.connections
        // Before the listener that creates a session from the socket.
        acceptor.prependListener('connection', addSocket)
        acceptor.on('session', addSession)
        // The process may be out of file descriptors for a while.
        acceptor.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'))
      }
    },
    stalledChecksOf: (peer) => open.get(peer)?.stalledChecks,
    destroy: (peer) => open.get(peer)?.socket.destroy(),
    destroyAll() {
      for (const { socket, session } of open.values()) {
        if (session) session.destroy(undefined, constants.NGHTTP2_CANCEL)
        else socket.destroy()
      }
    },
    check() {
      for (const connection of open.values()) check(connection)
    },
  }
}

// @NOTE grpc-js does not expose its connections, and its shutdown ignores those that are accepted apart from it. Its
// version is pinned, the compiler checks the name of the field, and the abuse tests fail without it.
function acceptorsOf(server: Server): Http2Server[] {
  return [...server['http2Servers'].keys()] as Http2Server[]
}

/** A peer as grpc-js names it in `getPeer`. */
function peerOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress}:${remotePort}`
}
