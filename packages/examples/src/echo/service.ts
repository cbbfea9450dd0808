import { EchoService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService } from '@books/service'
import { createEcho } from './echo.ts'

/** Answers what it was sent: one unary method. */
export const echo = defineService({
  name: 'echo',
  port: 50_054,
  async start() {
    return { services: [service(EchoService, createEcho())] }
  },
})
