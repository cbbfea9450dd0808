import type { MockExecService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { bounds } from './bounds.ts'
import type { Sandboxes } from './sandboxes.ts'

/** Answers the MockExec API from sandboxes. */
export function createExec({ sandboxes }: { sandboxes: Pick<Sandboxes, 'run'> }): Handlers<typeof MockExecService> {
  return {
    async exec({ sourceCode }, call) {
      if (Buffer.byteLength(sourceCode) > bounds.sourceBytes) {
        throw invalidArgument('source_code', `must have at most ${bounds.sourceBytes} bytes`)
      }

      const { output, error } = await sandboxes.run(sourceCode, call.signal)
      return { resp: JSON.stringify({ output, error }) }
    },
  }
}
