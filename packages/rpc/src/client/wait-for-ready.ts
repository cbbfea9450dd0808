import { type ChannelInterface, connectivityState as State } from '@grpc/grpc-js'
import type { ClientCall } from '../call/client-call.ts'
import { maxTimerMs, timerDelay } from '../call/max-timer.ts'
import { unavailable } from '../call/rpc-error.ts'

/** Whether a client has a connection. */
export interface Connectivity {
  /** Resolves once a call may be sent; undefined where it may be sent at once. */
  waitForReady(call: ClientCall): Promise<void> | undefined
  /** Whether there has been no connection for so long that calls fail at once. */
  isDown(): boolean
}

/**
 * Lets calls wait for a connection for at most `waitForReadyMs` after the first failed attempt to connect, not after each
 * call began. Later calls are sent, and fail, at once until there is a connection again.
 */
export function watchConnectivity(channel: ChannelInterface, waitForReadyMs: number): Connectivity {
  const giveUpMs = timerDelay('waitForReadyMs', waitForReadyMs)
  let outage: { ended: Promise<void>; isDown: boolean } | undefined

  const isClosed = () => channel.getConnectivityState(false) === State.SHUTDOWN

  function beginOutage() {
    const ended = Promise.withResolvers<void>()
    const begun = { ended: ended.promise, isDown: false }
    outage = begun
    let timer: NodeJS.Timeout | undefined

    const follow = () => {
      // Makes an idle channel connect. One that is closed must not be asked to.
      if (!isClosed()) channel.getConnectivityState(true)
      const state = channel.getConnectivityState(false)
      if (state === State.READY || state === State.SHUTDOWN) {
        clearTimeout(timer)
        outage = undefined
        ended.resolve()
        return
      }
      if (state === State.TRANSIENT_FAILURE) timer ??= setTimeout(giveUp, giveUpMs)
      channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, follow)
    }
    const giveUp = () => {
      begun.isDown = true
      ended.resolve()
    }
    follow()
    return begun
  }

  async function waitFor(outageEnded: Promise<void>, call: ClientCall) {
    await endOf(outageEnded, call)
    if (isClosed()) throw unavailable('The client is closed')
  }

  return {
    waitForReady(call) {
      if (channel.getConnectivityState(false) === State.READY) return undefined
      const { ended, isDown } = outage ?? beginOutage()
      return isDown ? undefined : waitFor(ended, call)
    },
    isDown: () => outage?.isDown ?? false,
  }
}

/** Resolves with the outage, the deadline of the call or its cancellation; grpc-js then gives the call its status. */
async function endOf(outageEnded: Promise<void>, { deadline, signal }: ClientCall): Promise<void> {
  const callEnded = Promise.withResolvers<void>()
  const end = () => callEnded.resolve()
  const timer = setTimeout(end, Math.min(Math.max(deadline - Date.now(), 0), maxTimerMs))
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end)
  try {
    await Promise.race([outageEnded, callEnded.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}
