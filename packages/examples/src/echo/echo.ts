import type { EchoService } from '@books/proto'
import type { Handlers } from '@books/rpc'

/** Answers the Echo API. */
export function createEcho(): Handlers<typeof EchoService> {
  return {
    async reply({ message }) {
      return { message: `You said: ${message}` }
    },
  }
}
