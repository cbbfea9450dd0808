import { parseArgs } from 'node:util'
import { startServer } from '../../src/index.ts'
import { readTlsFiles, sharedHelp, sharedOptions } from './command.ts'
import { testLimits, testService } from './test-service.ts'

const help = `Serves grpc.testing.TestService, for clients of other implementations.

  node test/interop/server.ts --port=PORT [options]

  --port=PORT             the port; 0 takes a free one, which is printed
${sharedHelp}`

const { values } = parseArgs({ options: { ...sharedOptions, port: { type: 'string', default: '0' } } })
if (values.help) console.log(help)
else await main()

async function main() {
  const { port } = await startServer({
    address: `[::]:${values.port}`,
    log: { info() {}, error: console.error },
    services: [testService()],
    limits: testLimits,
    tls: readTlsFiles(values),
  })
  console.log(port)
}
