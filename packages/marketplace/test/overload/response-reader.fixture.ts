/** A complete HTTP/1.1 response. */
export interface ReadResponse {
  status: number
  /** Whether the server closes the connection after it. */
  isLast: boolean
}

const endOfHead = Buffer.from('\r\n\r\n')
const endOfChunks = Buffer.from('0\r\n\r\n')

/** Reads the responses of one connection, one at a time, and returns each once it is complete. Reads only what it needs. */
export function createResponseReader(): (bytes: Buffer) => ReadResponse | undefined {
  let head: { response: ReadResponse; left: number } | undefined
  let rest: Buffer = Buffer.alloc(0)
  let end: Buffer = Buffer.alloc(0)

  return function read(bytes) {
    let body = bytes
    if (!head) {
      rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
      const length = rest.indexOf(endOfHead)
      if (length < 0) return undefined
      const text = rest.toString('latin1', 0, length)
      body = rest.subarray(length + endOfHead.length)
      rest = Buffer.alloc(0)
      head = { response: responseOf(text), left: lengthOf(text) }
    }
    head.left -= body.length
    end = Buffer.concat([end, body.subarray(-endOfChunks.length)]).subarray(-endOfChunks.length)
    const isWhole = Number.isNaN(head.left) ? end.equals(endOfChunks) : head.left <= 0
    if (!isWhole) return undefined
    end = Buffer.alloc(0)
    const { response } = head
    head = undefined
    return response
  }
}

function responseOf(head: string): ReadResponse {
  return { status: Number(head.slice(9, 12)), isLast: /\r\nconnection: close/i.test(head) }
}

/** The length of the body; NaN for a chunked one. */
function lengthOf(head: string): number {
  return Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
}
