import { isIPv6 } from 'node:net'
import { type Server, ServerCredentials, setLogger } from '@grpc/grpc-js'

const anyHost = '::'

/**
 * A host and a port as `host:port`. An IPv6 address may have brackets, and gets them. Throws an error that names the host where it
 * is neither a name nor an IP address: `http://inventory`, `inventory:50053`.
 */
export function addressOf(host: string, port: number): string {
  const bare = /^\[(.*)\]$/.exec(host)?.[1] ?? host
  if (isIPv6(bare)) return `[${bare}]:${port}`
  // Shaped like a system error, so that the program that starts can print it in one line.
  if (/[:/[\]]/.test(host)) {
    throw Object.assign(new Error(`"${host}" is no host: use a name or an IP address, without a port`), {
      code: 'ERR_INVALID_HOST',
      syscall: 'getaddrinfo',
    })
  }
  return `${host}:${port}`
}

/** The addresses to try in turn: all IPv6 and IPv4 addresses become all IPv4 addresses where the machine has no IPv6. */
export function candidatesOf(address: string): string[] {
  return address.startsWith(`[${anyHost}]:`) ? [address, address.replace(`[${anyHost}]`, '0.0.0.0')] : [address]
}

/**
 * Binds a server to the first of the addresses that this machine has, and resolves to the port.
 * Rejects as the operating system does, with `code` and `syscall`: `EADDRINUSE` where the port is taken.
 */
export async function listen(
  server: Server,
  [address = '', ...others]: readonly string[],
  credentials = ServerCredentials.createInsecure(),
): Promise<number> {
  try {
    return await bind(server, address, credentials)
  } catch (error) {
    const isMissing = /EAFNOSUPPORT|EADDRNOTAVAIL/.test(String(error))
    if (isMissing && others.length > 0) return listen(server, others, credentials)
    throw listenError(error, address)
  }
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  // grpc-js prints the errors that it also passes to the callback; the output of GRPC_TRACE is kept.
  setLogger({ debug: console.error, info: console.error, error() {} })
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(error)
      else resolve(port)
    })
  })
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is already in use',
  EACCES: 'this user may not use the port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
}

/** The error of the operating system with a message that names the address and the reason, and with its `code` and `syscall`. */
export function listenError(error: unknown, address: string): Error {
  const text = String(error)
  // grpc-js keeps only the text of the system's error, and for an unknown name not even the code.
  const code = /\bE[A-Z]{3,}\b/.exec(text)?.[0] ?? (text.includes('Name resolution failed') ? 'ENOTFOUND' : 'EUNKNOWN')
  return Object.assign(new Error(`cannot listen on ${address}: ${reasons[code] ?? text}`, { cause: error }), {
    code,
    syscall: 'listen',
  })
}
