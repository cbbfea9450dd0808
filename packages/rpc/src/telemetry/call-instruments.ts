import { type Attributes, createNoopMeter, type Histogram, type MeterProvider, metrics } from '@opentelemetry/api'

/** The calls of one method on one side, as OpenTelemetry's conventions for gRPC describe them. */
export interface MethodCalls {
  readonly attributes: Attributes
  /** How many are under way. */
  active: number
}

/** What is kept of the calls on one side of the wire. */
export interface CallInstruments {
  /** The calls of a method, those to one target where there is one. */
  callsOf(path: string, target?: string): MethodCalls
  /** How long calls took, in seconds, where a meter provider is registered now. */
  findDuration(): Histogram | undefined
}

// The boundaries that OpenTelemetry's conventions give for durations of calls, in seconds.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** The instruments of one side. `scope` is who measures. */
export function createCallInstruments(side: 'server' | 'client', scope: string): CallInstruments {
  const calls = new Map<string, MethodCalls>()
  let provider: MeterProvider | undefined
  let duration: Histogram | undefined

  const createDuration = (registered: MeterProvider) => {
    const meter = registered.getMeter(scope)
    if (meter === createNoopMeter()) return undefined

    // The conventions have no name for this; it is formed like theirs for HTTP, `http.server.active_requests`. Telling how
    // many there are when somebody asks costs less than counting up and down in the SDK.
    const active = meter.createObservableUpDownCounter(`rpc.${side}.active_calls`, {
      description: 'How many calls are under way',
      unit: '{call}',
    })
    active.addCallback((result) => {
      for (const method of calls.values()) result.observe(method.active, method.attributes)
    })
    return meter.createHistogram(`rpc.${side}.call.duration`, {
      description: 'How long calls took, to the end of their streams',
      unit: 's',
      advice: { explicitBucketBoundaries: boundaries },
    })
  }

  return {
    callsOf(path, target = '') {
      const key = `${target}${path}`
      const known = calls.get(key)
      if (known) return known

      const method = { attributes: { ...attributesOf(path), ...serverOf(target) }, active: 0 }
      calls.set(key, method)
      return method
    },
    findDuration() {
      // Unlike tracers, meters that were asked for before a provider is registered stay without effect.
      const registered = metrics.getMeterProvider()
      if (registered !== provider) duration = createDuration(registered)
      provider = registered
      return duration
    },
  }
}

function attributesOf(path: string): Attributes {
  return { 'rpc.system.name': 'grpc', 'rpc.method': path.slice(1) }
}

/** What the conventions say of a target: its host and port where it has one of each, otherwise all of it. */
function serverOf(target: string): Attributes {
  if (!target) return {}
  const [, ipv6, name, port] = /^(?:dns:(?:\/\/[^/]*\/)?)?(?:\[(.+)\]|([^:/,]+)):(\d+)$/.exec(target) ?? []
  return port ? { 'server.address': ipv6 ?? name, 'server.port': Number(port) } : { 'server.address': target }
}
