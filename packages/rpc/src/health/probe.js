// A health check runs often, in every container. So this is plain JavaScript without gRPC: it starts in a fraction of the time.
import { parseArgs } from 'node:util'

const help = `Checks the health of a server: exit code 0 if it is serving, 1 if it is not or does not answer within two seconds.

  probe [--service <name>] <host:port>     asks a gRPC server; without a name about the server as a whole,
                                           with \`live\` whether it answers at all
  probe <http url>                         asks an HTTP server, which is serving if its status is 200`

const withinMs = 2_000

const { values, positionals } = parseArgs({
  options: { service: { type: 'string', default: '' }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
})
const [address] = positionals

if (values.help || address === undefined) {
  console.log(help)
  process.exitCode = values.help ? 0 : 1
} else {
  setTimeout(end, withinMs, 'no answer within two seconds', 1)
  if (address.startsWith('http:')) await askHttp(address)
  else await askGrpc(address, values.service)
}

/** @param {string} url */
async function askHttp(url) {
  const { get } = await import('node:http')
  get(url, ({ statusCode }) => endWith(statusCode === 200)).on('error', fail)
}

/**
 * @param {string} server
 * @param {string} service
 */
async function askGrpc(server, service) {
  const { connect } = await import('node:http2')
  const call = connect(`http://${server}`).on('error', fail).request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  /** @type {Buffer[]} */
  const chunks = []
  let code = 'no status'
  let message = ''
  /** @param {import('node:http2').IncomingHttpHeaders} headers */
  const noteStatus = (headers) => {
    if (headers['grpc-status'] === undefined) return
    code = String(headers['grpc-status'])
    message = decodeURIComponent(String(headers['grpc-message'] ?? ''))
  }
  // A call that fails at once has its status in the response, as there are no trailers.
  call.on('response', noteStatus)
  call.on('trailers', noteStatus)
  call.on('data', (chunk) => chunks.push(chunk))
  call.on('error', fail)
  call.on('end', () => {
    if (code !== '0') return end(`status ${code} ${message}`, 1)
    // A frame of five bytes and the message: field 1 is the status, and 1 is SERVING.
    const answer = Buffer.concat(chunks).subarray(5)
    endWith(answer[0] === 0x08 && answer[1] === 1)
  })
  call.end(requestFor(service))
}

/**
 * A frame with a HealthCheckRequest: field 1 is the service.
 * @param {string} service
 */
function requestFor(service) {
  const name = Buffer.from(service)
  const message = name.length > 0 ? Buffer.concat([Buffer.from([0x0a, name.length]), name]) : name
  return Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])
}

/** @param {boolean} isServing */
function endWith(isServing) {
  end(isServing ? 'serving' : 'not serving', isServing ? 0 : 1)
}

/** @param {Error} error */
function fail(error) {
  end(error.message || String(error), 1)
}

/**
 * @param {string} text
 * @param {number} code
 */
function end(text, code) {
  process.stdout.write(`${text}\n`, () => process.exit(code))
}
