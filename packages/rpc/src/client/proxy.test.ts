import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient } from './client.ts'

const variables = ['grpc_proxy', 'https_proxy', 'http_proxy', 'no_grpc_proxy', 'no_proxy'] as const

describe('a proxy in the environment', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
    for (const name of variables) setVariable(name, undefined)
  })
  afterEach(() => opened.disposeAsync())

  it.each(['grpc_proxy', 'https_proxy', 'http_proxy'])('%s is ignored by default', async (variable) => {
    const { port, requests, greet } = await start()
    setVariable(variable, `http://127.0.0.1:${port}`)

    expect(await greet({})).toEqual({ text: 'Hello, Ada' })
    expect(requests).toEqual([])
  })

  it.each(['grpc_proxy', 'https_proxy', 'http_proxy'])('%s is used by a client that is to use it', async (variable) => {
    const { port, requests, address, greet } = await start()
    setVariable(variable, `http://127.0.0.1:${port}`)

    expect(await greet({ usesProxy: true })).toEqual({ text: 'Hello, Ada' })
    expect(requests).toEqual([address])
  })

  it('is not used for hosts in no_grpc_proxy', async () => {
    const { port, requests, greet } = await start()
    setVariable('grpc_proxy', `http://127.0.0.1:${port}`)
    setVariable('no_grpc_proxy', '127.0.0.1')

    expect(await greet({ usesProxy: true })).toEqual({ text: 'Hello, Ada' })
    expect(requests).toEqual([])
  })

  /** Sets a variable of the environment until the test ends. */
  function setVariable(name: string, value: string | undefined) {
    const former = process.env[name]
    opened.defer(() => set(former))
    set(value)

    function set(next: string | undefined) {
      if (next === undefined) delete process.env[name]
      else process.env[name] = next
    }
  }

  async function start() {
    const server = await serve([service(TourService, tour())])
    opened.defer(server.stop)
    const requests: (string | undefined)[] = []
    const proxy = createServer()
    const sockets = new Set<Socket>()
    proxy.on('connect', ({ url }, socket: Socket) => {
      requests.push(url)
      const [host, port] = String(url).split(':')
      const behind = connect(Number(port), host)
      for (const end of [socket, behind]) sockets.add(end.on('error', () => {}))
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      behind.pipe(socket).pipe(behind)
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    opened.defer(() => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    })

    const address = `127.0.0.1:${server.port}`
    return {
      port: (proxy.address() as AddressInfo).port,
      requests,
      address,
      greet(options: { usesProxy?: boolean }) {
        const client = createClient(TourService, { address, descriptors: tourDescriptors(), ...options })
        opened.defer(client.close)
        return client.greet({ name: 'Ada' })
      },
    }
  }
})
