import { type ChannelInterface, connectivityState as State } from '@grpc/grpc-js'
import { unavailable } from '../call/rpc-error.ts'
import type { ClientCall } from './client-call.ts'
import type { Transport } from './transport.ts'

/** What a client knows of its connections. */
export interface Outages {
  /** Resolves when a call may go out, or undefined if it may at once. */
  wait(call: ClientCall): Promise<void> | undefined
  /** Whether there has been no connection for so long that calls fail at once. */
  isLasting(): boolean
}

// The longest that a timer of Node takes.
const longestMs = 2 ** 31 - 1

/**
 * Lets calls wait out a short outage: a call that never left this machine is safe to send later, whatever it does.
 * `waitForReadyMs` counts from the first connection that failed, not from the call. Once it is over, calls go out, and fail,
 * at once until there is a connection again.
 */
export function watchOutages(channel: ChannelInterface, waitForReadyMs: number): Outages {
  let outage: { over: Promise<void>; isLasting: boolean } | undefined

  const isClosed = () => channel.getConnectivityState(false) === State.SHUTDOWN

  function begin() {
    const over = Promise.withResolvers<void>()
    const begun = { over: over.promise, isLasting: false }
    outage = begun
    let patience: NodeJS.Timeout | undefined

    const follow = () => {
      // Also wakes a channel that sleeps; one that is closed would come to life again.
      if (!isClosed()) channel.getConnectivityState(true)
      const state = channel.getConnectivityState(false)
      if (state === State.READY || state === State.SHUTDOWN) {
        clearTimeout(patience)
        outage = undefined
        over.resolve()
        return
      }
      if (state === State.TRANSIENT_FAILURE) patience ??= setTimeout(lose, Math.min(waitForReadyMs, longestMs))
      channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, follow)
    }
    const lose = () => {
      begun.isLasting = true
      over.resolve()
    }
    follow()
    return begun
  }

  async function waitFor(over: Promise<void>, call: ClientCall) {
    await firstOf(over, call)
    if (isClosed()) throw unavailable('The client is closed')
  }

  return {
    wait(call) {
      if (channel.getConnectivityState(false) === State.READY) return undefined
      const { over, isLasting } = outage ?? begin()
      return isLasting ? undefined : waitFor(over, call)
    },
    isLasting: () => outage?.isLasting ?? false,
  }
}

/** A transport whose calls wait out a short outage before they begin. */
export function patient(transport: Transport, { wait }: Outages): Transport {
  return {
    ...transport,
    one(method, input, call) {
      const start = () => transport.one(method, input, call)
      const waiting = wait(call)
      return waiting ? waiting.then(start) : start()
    },
    many(method, input, call) {
      const start = () => transport.many(method, input, call)
      const waiting = wait(call)
      return waiting ? after(waiting, start) : start()
    },
  }
}

async function* after(waiting: Promise<void>, start: () => AsyncIterable<unknown>) {
  await waiting
  yield* start()
}

/** Waits no longer than the call does; grpc-js then says what has become of it. */
async function firstOf(over: Promise<void>, { deadline, signal }: ClientCall): Promise<void> {
  const ended = Promise.withResolvers<void>()
  const end = () => ended.resolve()
  const timer = setTimeout(end, Math.min(deadline - Date.now(), longestMs))
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end)
  try {
    await Promise.race([over, ended.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}
