import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** How a request waited. */
export interface Wait {
  /** For how long, in milliseconds; infinite where the queue was full, and so it did not wait. */
  ms: number
  /** The number of requests that still wait behind it. */
  behind: number
}

/** Handles a request. There is no wait where it was handled as soon as it was read. */
export type QueuedListener = (request: IncomingMessage, response: ServerResponse, wait?: Wait) => void

interface WaitingRequest {
  request: IncomingMessage
  response: ServerResponse
  sinceMs: number
}

// Enough for a few pages, and short beside what clients notice.
const turnMs = 5
// As many pages from memory take half of that time.
const maxPerTurn = 64
// One of each connection that the shop may have; more come where clients pipeline requests.
const maxWaiting = 4_000

/**
 * Handles requests in the order in which they are read, for 5 ms in each turn of the event loop. Any more wait for the next turns, so that timers, new
 * connections and answers of backends do not wait for all of them: libuv reads up to 48 times 1,024 ready connections in one turn, and a client
 * whose request is answered at once sends its next one within the same turn. Drops requests whose clients disconnect while they wait.
 */
export function queueRequests(handle: QueuedListener, now: () => number): RequestListener {
  let waiting: WaitingRequest[] = []
  let position = 0
  // Undefined until the first request of a turn.
  let turnEndMs: number | undefined

  function handleNext() {
    const next = waiting[position]
    const nowMs = now()
    turnEndMs ??= nowMs + turnMs
    if (!next || nowMs >= turnEndMs) return
    position++
    const { request, response, sinceMs } = next
    if (!request.socket.destroyed) handle(request, response, { ms: nowMs - sinceMs, behind: waiting.length - position })
  }

  function endTurn() {
    turnEndMs = undefined
    waiting = waiting.slice(position)
    position = 0
    if (waiting.length === 0) return
    // Each by itself, as the promises of a page are settled only between them, and are most of its work.
    for (let i = Math.min(waiting.length, maxPerTurn); i > 0; i--) setImmediate(handleNext)
    setImmediate(endTurn)
  }

  return (request, response) => {
    const nowMs = now()
    if (waiting.length === 0 && turnEndMs === undefined) {
      turnEndMs = nowMs + turnMs
      setImmediate(endTurn)
    }
    if (turnEndMs !== undefined && nowMs < turnEndMs) handle(request, response)
    else if (waiting.length < maxWaiting) waiting.push({ request, response, sinceMs: nowMs })
    else handle(request, response, { ms: Number.POSITIVE_INFINITY, behind: waiting.length })
  }
}
