import { once } from 'node:events'
import { createConnection } from 'node:net'
import { expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { useMiddleware } from '../middleware.ts'
import { limitPipelining } from './connection-limits.ts'

it('closes the connection of a client that sends more than 100 requests before it reads an answer', async () => {
  await using app = Fastify()
  let begun = 0
  useMiddleware(app, [limitPipelining()])
  app.get('/', () => {
    begun++
    return new Promise(() => {})
  })
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = createConnection(Number(port), '127.0.0.1').on('error', () => {})
  const closed = once(socket, 'close')

  socket.write('GET / HTTP/1.1\r\nHost: books\r\n\r\n'.repeat(101))

  await closed
  expect(begun).toBe(100)
})

it('answers as many requests as a connection may have, one after the other', async () => {
  await using app = Fastify()
  useMiddleware(app, [limitPipelining()])
  app.get('/', async () => 'an answer')
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = createConnection(Number(port), '127.0.0.1')

  for (let request = 0; request < 150; request++) {
    socket.write('GET / HTTP/1.1\r\nHost: books\r\n\r\n')
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    expect(String(bytes)).toContain('an answer')
  }
  socket.destroy()
})
