/** Where this package tells operators what happened. A pino logger fits. */
export interface Log {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Says nothing. */
export const silentLog: Log = { info() {}, error() {} }
