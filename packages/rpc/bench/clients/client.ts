/** A client under load. */
export interface BenchClient {
  /** Makes one call; `settle` is called once it is over, with an error where it failed. */
  call(settle: Settle): void
  close(): void
}

/** Told when a call is over. */
export type Settle = (error?: Error | null) => void
