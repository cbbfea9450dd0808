import type { Metadata } from '@grpc/grpc-js'
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api'

/** How OpenTelemetry's propagators read and write the metadata of a call. */
export const metadataCarrier: TextMapGetter<Metadata> & TextMapSetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => metadata.get(key).map(String),
  set: (metadata, key, value) => metadata.set(key, value),
}
