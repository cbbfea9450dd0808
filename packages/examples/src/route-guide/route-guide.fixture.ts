import { setImmediate as nextTurn } from 'node:timers/promises'
import { RouteGuideService } from '@books/proto'
import { type Client, type ServerInterceptor, service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { type Atlas, createAtlas } from './atlas.ts'
import type { Place } from './places.ts'
import { createRouteGuide } from './route-guide.ts'
import { pointAt } from './walk.ts'

/** Four places: one of them has no name, one is far away. */
export const bookshop: Place = { name: 'A bookshop', location: pointAt(10, 10) }
export const library: Place = { name: 'A library', location: pointAt(10, 20) }
export const grave: Place = { name: '', location: pointAt(20, 20) }
export const island: Place = { name: 'An island', location: pointAt(0, 175) }

/** A route guide under test. */
export interface ServedGuide {
  client: Client<typeof RouteGuideService>
  /** Whether a call of the method has reached its handler. */
  hasBegun(method: 'ListFeatures' | 'RecordRoute' | 'RouteChat'): boolean
  /** Resolves once the server has ended a call of the method. */
  over(method: 'RecordRoute' | 'RouteChat'): Promise<void>
  stop(): Promise<void>
}

/** Serves a route guide on a free port: by default four places, and a clock that stands still. */
export async function serveGuide({
  atlas = createAtlas([bookshop, library, grave, island]),
  nowMs = () => 0,
}: {
  atlas?: Atlas
  nowMs?: () => number
} = {}): Promise<ServedGuide> {
  const over = { RecordRoute: Promise.withResolvers<void>(), RouteChat: Promise.withResolvers<void>() }
  const begun = new Set<string>()
  const noteCalls: ServerInterceptor = ({ path }, next) => {
    begun.add(path)
    return next().finally(() => {
      for (const [method, { resolve }] of Object.entries(over)) if (path.endsWith(method)) resolve()
    })
  }
  const guide = service(RouteGuideService, createRouteGuide({ atlas, nowMs }))
  const server = await serve([guide], { interceptors: [noteCalls] })

  return {
    client: server.client(RouteGuideService),
    hasBegun: (method) => begun.has(`/routeguide.RouteGuide/${method}`),
    over: (method) => over[method].promise,
    stop: server.stop,
  }
}

/** An endless stream of the messages, each produced when its reader asks for it, one in a turn of the event loop. */
export async function* endlessly<T>(...messages: readonly T[]): AsyncGenerator<T> {
  for (;;) {
    for (const message of messages) {
      yield message
      await nextTurn()
    }
  }
}

/** A stream of the messages that stays open after the last one. */
export async function* thenNothing<T>(...messages: readonly T[]): AsyncGenerator<T> {
  yield* messages
  await new Promise(() => {})
}
