import { Type } from 'typebox'
import { logSettings } from './log.ts'
import { durationSetting, portSetting } from './settings.ts'
import { telemetrySettings } from './telemetry/telemetry.ts'
import { tlsSettings } from './tls.ts'

/** The variables that every service reads, whatever it speaks; each has a port of its own. */
export function commonSettings(port: number) {
  return {
    ...logSettings,
    ...telemetrySettings,
    ...tlsSettings,
    /** The address to listen on; `::` is all of the machine's, IPv4 too. */
    HOST: Type.String({ minLength: 1, default: '::' }),
    PORT: portSetting(port),
  }
}

/** The variables that every gRPC service reads besides. */
export const serverSettings = {
  /** An optional plaintext port that serves only health. */
  PROBE_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  /** How long a stop still answers calls, not ready, while load balancers take the server out. */
  DRAIN_MS: durationSetting(0, { minimum: 0 }),
  /** How long a stop waits for running calls after that. */
  GRACE_MS: durationSetting(10_000),
}
