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
  /** Ends the calls that hang, with the results that they had. */
  answerHanging(): void
  /** Makes a call, with the fault that is next for its operation. */
  call<Result>(operation: Operation, signal: AbortSignal | undefined, work: () => Result): Promise<Result>
}

/** Creates calls without faults. */
export function createFaults<Operation extends string>(): Faults<Operation> {
  const hanging = new Set<() => void>()
  const planned = new Map<Operation, (Fault & { reach(): void })[]>()

  /** Ends once its caller waits no longer, or is answered at last. */
  function hang(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      hanging.add(resolve)
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  }

  return {
    fail(operation, fault) {
      const { promise, resolve } = Promise.withResolvers<void>()
      planned.set(operation, [...(planned.get(operation) ?? []), { ...fault, reach: resolve }])
      return promise
    },
    answerHanging() {
      for (const answer of hanging) answer()
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
      try {
        return structuredClone(work())
      } finally {
        // A refusal is an answer, too.
        await strike('after')
      }
    },
  }
}
