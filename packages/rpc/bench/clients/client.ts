/** A client under load. */
export interface BenchClient {
  /** Makes one call; `settle` is called once it has ended, with an error where it failed. */
  call(settle: Settle): void
  close(): void
}

/** Called when a call has ended. */
export type Settle = (error?: Error | null) => void
