import { numberOption, runCommand } from '@books/runtime/commands'
import { startServer } from '../../src/index.ts'
import { readTlsFiles, sharedHelp, sharedOptions } from './command.ts'
import { testLimits, testService } from './test-service.ts'

const help = `Serves grpc.testing.TestService, for clients of other implementations.

  node test/interop/server.ts --port=PORT [options]

  --port=PORT             the port; 0 takes a free one, which is printed
${sharedHelp}`

await runCommand({
  help,
  options: { ...sharedOptions, port: numberOption(0, { least: 0, most: 65_535 }) },
  async run({ values }) {
    const { port } = await startServer({
      address: `[::]:${values.port}`,
      log: { info() {}, error: console.error },
      services: [testService()],
      limits: testLimits,
      tls: readTlsFiles(values),
    })
    console.log(port)
  },
})
