import { performance } from 'node:perf_hooks'
import { RouteGuideService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService } from '@books/service'
import { Type } from 'typebox'
import { createAtlas } from './atlas.ts'
import { loadPlaces } from './places.ts'
import { createRouteGuide } from './route-guide.ts'

/** The route guide of gRPC's tutorials: one method of each RPC kind. */
export const routeGuide = defineService({
  name: 'route-guide',
  port: 50_055,
  settings: {
    /** A file of places to use instead of `places.json`, in the same format. */
    ROUTE_GUIDE_DB: Type.Optional(Type.String({ minLength: 1 })),
  },
  async start({ settings }) {
    const atlas = createAtlas(loadPlaces(settings.ROUTE_GUIDE_DB))
    const guide = createRouteGuide({ atlas, nowMs: () => performance.now() })
    return { services: [service(RouteGuideService, guide)] }
  },
})
