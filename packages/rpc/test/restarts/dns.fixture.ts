import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decode, encode } from 'dns-packet'

/** A DNS server on a free UDP port of 127.0.0.1. */
export interface DnsServer {
  port: number
  /** The IPv4 addresses that every name has from now on. */
  set(...addresses: string[]): void
  stop(): Promise<void>
}

/** Starts a DNS server that answers every query for IPv4 addresses with these, and other queries with nothing. */
export async function startDns(...first: string[]): Promise<DnsServer> {
  let addresses = first
  const socket = createSocket('udp4')
  socket.on('message', (bytes, from) => {
    const { id, questions = [] } = decode(bytes)
    const answers = questions
      .filter(({ type }) => type === 'A')
      .flatMap(({ name }) => addresses.map((data) => ({ type: 'A' as const, name, ttl: 0, data })))
    socket.send(encode({ type: 'response', id: id ?? 0, questions, answers }), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')

  return {
    port: socket.address().port,
    set(...changed) {
      addresses = changed
    },
    async stop() {
      socket.close()
      await once(socket, 'close')
    },
  }
}
