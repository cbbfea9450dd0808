import { EchoService } from '@books/proto'
import { service } from '@books/rpc'
import { serve, type TestServer } from '@books/rpc/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEcho } from './echo.ts'

describe('Reply', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await serve([service(EchoService, createEcho())])
  })
  afterAll(() => server.stop())

  it.each(['Call me Ishmael.', '', 'Ça va? 📚'])('answers what it was sent: %j', async (said) => {
    const { message } = await server.client(EchoService).reply({ message: said })

    expect(message).toBe(`You said: ${said}`)
  })
})
