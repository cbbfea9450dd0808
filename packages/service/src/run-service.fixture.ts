import { EchoService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService } from './index.ts'
import { runService } from './run-service.ts'

const reply = async ({ message }: { message: string }) => ({ message })

/** A process for the test: the smallest service. */
await runService(async () =>
  defineService({ name: 'fixture', port: 1, start: async () => ({ services: [service(EchoService, { reply })] }) }),
)
