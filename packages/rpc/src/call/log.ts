/** The log of a server or a client. A pino logger fits. */
export interface Log {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A log that writes nothing. */
export const silentLog: Log = { info() {}, error() {} }
