import type { MockExecService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { limits } from './limits.ts'
import type { ResourcePool } from './resource-pool.ts'
import type { Sandbox } from './sandbox.ts'

/** Answers the MockExec API from a pool of sandboxes. */
export function createExec(sandboxes: ResourcePool<Sandbox>): Handlers<typeof MockExecService> {
  return {
    async exec({ sourceCode }, { signal }) {
      if (Buffer.byteLength(sourceCode) > limits.sourceBytes) {
        throw invalidArgument('source_code', `must have at most ${limits.sourceBytes} bytes`)
      }

      const outcome = await sandboxes.run((sandbox) => sandbox.run(sourceCode, signal), signal)
      return { resp: JSON.stringify(outcome) }
    },
  }
}
