/** The samplers that OpenTelemetry's specification names for `OTEL_TRACES_SAMPLER` and that need nothing outside of the process. */
export const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** The name of one of them. */
export type SamplerName = (typeof samplerNames)[number]

/** What is traced by default: what the caller traces, and of the traces that begin here one of a hundred. */
export const defaultSampling = { sampler: 'parentbased_traceidratio', share: 0.01 } as const
