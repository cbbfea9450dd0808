import { Metadata } from '@grpc/grpc-js'
import { ServedCall } from '../call/call.ts'
import { answerMany, answerOne, type Surroundings } from '../call/handler-pipeline.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { Method, Route, Service } from '../call/service.ts'
import { errorOf, statusOf } from '../call/status.ts'
import type { ClientCall } from './client-call.ts'
import type { Transport } from './transport.ts'

/**
 * A transport that hands calls to the services of this process, without a socket. Messages and errors still pass
 * through their wire form, so that both sides see what they would see over a network.
 */
export function openInProcess(services: readonly Service[], surroundings: Surroundings): Transport {
  const routes = new Map(services.flatMap((service) => service.routes).map((route) => [route.method.path, route]))
  const routeOf = ({ path }: Method): Route => {
    const route = routes.get(path)
    if (!route) throw new RpcError(Status.UNIMPLEMENTED, `The server does not implement the method ${path}`)
    return route
  }

  return {
    async one(method, input, outgoing) {
      const route = routeOf(method)
      const { call, failed, receive, explain, close } = begin(method, outgoing)
      try {
        const answer = await Promise.race([answerOne(route, receive(input), call, surroundings), failed])
        return overTheWire(answer, method.responseSerialize, method.responseDeserialize)
      } catch (error) {
        throw explain(error)
      } finally {
        close()
      }
    },

    async *many(method, input, outgoing) {
      const route = routeOf(method)
      const { call, failed, receive, explain, tellHeader, close } = begin(method, outgoing)
      const answers = answerMany(route, receive(input), call, surroundings)
      try {
        for (;;) {
          const next = await Promise.race([answers.next(), failed])
          tellHeader()
          if (next.done) return call.end()
          yield overTheWire(next.value, method.responseSerialize, method.responseDeserialize)
        }
      } catch (error) {
        throw explain(error)
      } finally {
        // Who breaks off early cancels. The handler is left to notice, as it would be over a network.
        call.cancel()
        close()
        answers.return().catch(() => {})
      }
    },

    close() {},
  }
}

/** A call under way: `failed` rejects once it is over before its answer, `explain` gives the error for the caller. */
function begin({ path, requestStream, requestSerialize, requestDeserialize }: Method, outgoing: ClientCall) {
  const { metadata, deadline, signal } = outgoing
  const peer = () => ({ address: '', names: [] })
  const call = new ServedCall({ path, deadline, metadata: metadata.clone(), peer })
  const failed = new Promise<never>((_, reject) => {
    call.onAbort = reject
  })
  failed.catch(() => {})

  const cancel = () => call.cancel()
  call.keepTime()
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted) cancel()

  let isHeaderTold = false
  const tellHeader = () => {
    if (!isHeaderTold) outgoing.onHeader?.(call.sent.header ?? new Metadata())
    isHeaderTold = true
  }

  let ownFailure: { error: unknown } | undefined
  async function* receiveAll(messages: AsyncIterable<unknown>) {
    const source = messages[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await Promise.race([source.next(), failed])
        if (next.done) return
        yield overTheWire(next.value, requestSerialize, requestDeserialize)
      }
    } catch (error) {
      if (!call.failure) ownFailure = { error }
      call.cancel()
      throw call.failure ?? error
    } finally {
      // A source that is silent for good would never answer this.
      source.return?.().catch(() => {})
    }
  }

  return {
    call,
    failed,
    receive: (input: unknown) =>
      requestStream
        ? receiveAll(input as AsyncIterable<unknown>)
        : overTheWire(input, requestSerialize, requestDeserialize),
    explain: (error: unknown) => (ownFailure ? ownFailure.error : errorOf(statusOf(error as RpcError))),
    tellHeader,
    close() {
      call.end()
      tellHeader()
      outgoing.onTrailer?.(call.sent.trailer ?? new Metadata())
      signal?.removeEventListener('abort', cancel)
    },
  }
}

function overTheWire(message: unknown, write: (message: unknown) => Buffer, read: (bytes: Buffer) => unknown): unknown {
  return read(write(message))
}
