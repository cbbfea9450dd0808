import { type Attributes, createNoopMeter, type Histogram, type MeterProvider, metrics } from '@opentelemetry/api'

/** The calls of one method on one side, with the attributes of OpenTelemetry's conventions for gRPC. */
export interface MethodCalls {
  /** The method as telemetry names it: `package.Service/Method`. */
  readonly name: string
  readonly attributes: Attributes
  /** The attributes of those that end with OK: most do, and one frozen object for all of them costs less. */
  readonly okAttributes: Attributes
  /** How many are active. */
  active: number
}

/** The instruments for the calls on one side. */
export interface CallInstruments {
  /** The calls of a method, those to one target where there is one. */
  callsOf(path: string, target?: string): MethodCalls
  /** The histogram of call durations in seconds; undefined while no meter provider is registered. */
  findDuration(): Histogram | undefined
}

// The bucket boundaries of OpenTelemetry's conventions for call durations, in seconds.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Creates the instruments of one side. `scope` is the name of the meter. */
export function createCallInstruments(side: 'server' | 'client', scope: string): CallInstruments {
  const calls = new Map<string, MethodCalls>()
  let provider: MeterProvider | undefined
  let duration: Histogram | undefined

  const createDuration = (registered: MeterProvider) => {
    const meter = registered.getMeter(scope)
    if (meter === createNoopMeter()) return undefined

    // The conventions have no name for this; it is formed like theirs for HTTP, `http.server.active_requests`. Reading the
    // number when metrics are collected costs less than counting up and down in the SDK.
    const active = meter.createObservableUpDownCounter(`rpc.${side}.active_calls`, {
      description: 'Active calls',
      unit: '{call}',
    })
    active.addCallback((result) => {
      for (const method of calls.values()) result.observe(method.active, method.attributes)
    })
    return meter.createHistogram(`rpc.${side}.call.duration`, {
      description: 'Duration of calls, to the end of their streams',
      unit: 's',
      advice: { explicitBucketBoundaries: boundaries },
    })
  }

  return {
    callsOf(path, target = '') {
      const key = `${target}${path}`
      const known = calls.get(key)
      if (known) return known

      const name = path.slice(1)
      const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': name, ...serverOf(target) }
      const method = { name, attributes, okAttributes: Object.freeze({ ...attributes, ...outcomeOf('OK') }), active: 0 }
      calls.set(key, method)
      return method
    },
    findDuration() {
      // Unlike tracers, meters that are created before a provider is registered never take effect.
      const registered = metrics.getMeterProvider()
      if (registered !== provider) duration = createDuration(registered)
      provider = registered
      return duration
    },
  }
}

/** The attributes of a call that ended with a status. */
export function outcomeOf(status: string): Attributes {
  return { 'rpc.status_code': status }
}

/** The attributes of a target by the conventions: its host and port where it has one of each, otherwise all of it. */
function serverOf(target: string): Attributes {
  if (!target) return {}
  const [, ipv6, name, port] = /^(?:dns:(?:\/\/[^/]*\/)?)?(?:\[(.+)\]|([^:/,]+)):(\d+)$/.exec(target) ?? []
  return port ? { 'server.address': ipv6 ?? name, 'server.port': Number(port) } : { 'server.address': target }
}
