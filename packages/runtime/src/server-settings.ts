import { Type } from 'typebox'
import { logSettings } from './log.ts'
import { durationSetting, portSetting } from './settings.ts'
import { telemetrySettings } from './telemetry/telemetry.ts'
import { tlsSettings } from './tls.ts'

/** The variables that every gRPC service reads; each has a port of its own. */
export function serverSettings(port: number) {
  return {
    ...logSettings,
    ...telemetrySettings,
    ...tlsSettings,
    /** The address to listen on; `::` is all of the machine's, IPv4 too. */
    HOST: Type.String({ minLength: 1, default: '::' }),
    PORT: portSetting(port),
    /** The port of a door without encryption that answers health alone; there is none without it. */
    PROBE_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    /** How long a stop answers on, not ready, while load balancers learn of it. */
    DRAIN_MS: durationSetting(0, { minimum: 0 }),
    /** How long a stop waits for running calls after that. */
    GRACE_MS: durationSetting(10_000),
  }
}
