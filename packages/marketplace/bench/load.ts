import { type Driven, drive, type Load } from '@books/rpc/bench'
import { type Cookies, cartCookie, cookieOf } from './readers.ts'
import { openVisitors } from './visitors.ts'

/** A load, and its requests. */
export interface Visits extends Load {
  port: number
  cookies: Cookies | undefined
  acceptEncoding: string
}

/** The result of a load. */
export interface Visited extends Driven {
  bytesPerPage: number
}

// This process sends requests. Each reader comes only once during its life.
let readers = 0
// More than any contestant answers in a second.
const readersInSecond = 10_000
process.on('message', (visits: Visits) => void visit(visits))
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function visit({ port, cookies, acceptEncoding, ...load }: Visits): Promise<void> {
  const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: ${acceptEncoding}\r\n`
  const same = cookies === 'cart' ? `${head}Cookie: ${cartCookie}\r\n\r\n` : `${head}\r\n`
  const haveReaders = cookies === 'preferences'
  // Made in advance, as making one takes longer than sending it.
  const requests = Array.from({ length: haveReaders ? readersInSecond * load.seconds : 0 }, () => readerRequest(head))
  const visitors = openVisitors(port, () => (haveReaders ? (requests.pop() ?? readerRequest(head)) : same))
  // Pages of visitors with cookies need backends, and these the core.
  const stopPolling = cookies === undefined ? poll() : () => {}
  const driven = await drive(visitors, load)
  stopPolling()
  process.send?.({ ...driven, bytesPerPage: visitors.bytes() / driven.calls } satisfies Visited)
  visitors.close()
}

/**
 * Keeps this process from sleeping until the returned function is called: else each answer has to wake it, which takes the server as long as all the rest of a
 * page from memory.
 */
function poll(): () => void {
  let isOver = false
  const next = () => {
    if (!isOver) setImmediate(next)
  }
  next()
  return () => {
    isOver = true
  }
}

function readerRequest(head: string): string {
  return `${head}Cookie: ${cookieOf(readers++)}\r\n\r\n`
}
