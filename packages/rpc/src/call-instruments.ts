import { createNoopMeter, type Histogram, type MeterProvider, metrics, type UpDownCounter } from '@opentelemetry/api'

/** What is counted of the calls on one side. */
export interface CallInstruments {
  /** How long calls took, in seconds. */
  duration: Histogram
  /** How many calls are under way. */
  active: UpDownCounter
}

// The boundaries that OpenTelemetry's conventions give for durations of calls, in seconds.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Finds the instruments of one side: those of the meter provider that is registered now, undefined while none is.
 * Unlike tracers, meters that were asked for before a provider is registered stay without effect.
 */
export function findInstrumentsOf(side: 'server' | 'client', scope: string): () => CallInstruments | undefined {
  let provider: MeterProvider | undefined
  let instruments: CallInstruments | undefined

  return () => {
    const registered = metrics.getMeterProvider()
    if (registered === provider) return instruments

    provider = registered
    instruments = createInstruments(registered, side, scope)
    return instruments
  }
}

function createInstruments(provider: MeterProvider, side: string, scope: string): CallInstruments | undefined {
  const meter = provider.getMeter(scope)
  if (meter === createNoopMeter()) return undefined

  return {
    duration: meter.createHistogram(`rpc.${side}.call.duration`, {
      description: 'How long calls took, to the end of their streams',
      unit: 's',
      advice: { explicitBucketBoundaries: boundaries },
    }),
    // The conventions have no name for this; it is formed like theirs for HTTP, `http.server.active_requests`.
    active: meter.createUpDownCounter(`rpc.${side}.active_calls`, {
      description: 'How many calls are under way',
      unit: '{call}',
    }),
  }
}
