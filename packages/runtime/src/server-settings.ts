import { Type } from 'typebox'
import { logSettings } from './log.ts'
import { durationSetting, portSetting } from './settings.ts'
import { telemetrySettings } from './telemetry/telemetry.ts'
import { tlsSettings } from './tls.ts'

/** The variables that every service reads, of any protocol. */
export function commonSettings(port: number) {
  return {
    ...logSettings,
    ...telemetrySettings,
    ...tlsSettings,
    /** The address to listen on; `::` is all addresses of the machine, IPv4 too. */
    HOST: Type.String({ minLength: 1, default: '::' }),
    PORT: portSetting(port),
  }
}

/** Further variables of every gRPC service. */
export const serverSettings = {
  /** An optional plaintext port that serves only health. */
  PROBE_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  /** How long a stopping service answers calls while it reports itself as not ready to load balancers. */
  DRAIN_MS: durationSetting(0, { minimum: 0 }),
  /** How long a stop then waits for running calls. */
  GRACE_MS: durationSetting(10_000),
  /** The longest that a call may take, whatever deadline its caller has, if any. Streams that stay open are exempt by name. */
  MAX_DEADLINE_MS: durationSetting(5 * 60_000),
}
