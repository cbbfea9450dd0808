import { performance } from 'node:perf_hooks'
import { loadDescriptors, RouteGuideService } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import { type Log, serverTlsOf } from '@books/runtime'
import { createAtlas } from './atlas.ts'
import { loadPlaces } from './places.ts'
import { createRouteGuide } from './route-guide.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** Starts route guide; it answers calls once this resolves. */
export async function startRouteGuide({ settings, log }: { settings: Settings; log: Log }): Promise<RpcServer> {
  const places = loadPlaces(settings.ROUTE_GUIDE_DB)
  const guide = createRouteGuide({ atlas: createAtlas(places), nowMs: () => performance.now() })
  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(RouteGuideService, guide)],
    tls: serverTlsOf(settings),
    descriptors: loadDescriptors(),
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  })
  log.info({ port: server.port, places: places.length }, 'route guide answers')
  return server
}
