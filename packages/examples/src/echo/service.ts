import { EchoService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService } from '@books/service'
import { createEcho } from './echo.ts'

/** Says what it was told: a unary call. */
export const echo = defineService({
  name: 'echo',
  port: 50_054,
  async start() {
    return { services: [service(EchoService, createEcho())] }
  },
})
