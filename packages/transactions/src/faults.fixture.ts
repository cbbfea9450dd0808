/** What goes wrong with a call: before it has its effect, or after it, so that its answer is lost. Without an error it never ends. */
export interface Fault {
  when: 'before' | 'after'
  error?: Error
}

/** Calls that can be made to fail. */
export interface Faults<Operation extends string> {
  /**
   * Has the next call of an operation fail. Resolves once it does.
   */
  fail(operation: Operation, fault: Fault): Promise<void>
  /** Makes a call, with the fault that is next for its operation. */
  call<Result>(operation: Operation, signal: AbortSignal | undefined, work: () => Result): Promise<Result>
}

/** Creates calls without faults. */
export function createFaults<Operation extends string>(): Faults<Operation> {
  const planned = new Map<Operation, (Fault & { reach(): void })[]>()

  return {
    fail(operation, fault) {
      const { promise, resolve } = Promise.withResolvers<void>()
      planned.set(operation, [...(planned.get(operation) ?? []), { ...fault, reach: resolve }])
      return promise
    },
    async call(operation, signal, work) {
      const fault = planned.get(operation)?.shift()
      const strike = async (when: Fault['when']) => {
        if (fault?.when !== when) return
        fault.reach()
        if (fault.error) throw fault.error
        await hang(signal)
      }
      await strike('before')
      const result = structuredClone(work())
      await strike('after')
      return result
    },
  }
}

/** Never ends, until its caller waits no longer. */
function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
