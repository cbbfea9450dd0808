import { parseArgs } from 'node:util'
import { createClient } from '../client/client.ts'
import { HealthService, ServingStatus } from './health-service.ts'

const help = `Asks a gRPC server whether it is well: exit code 0 if it says so within two seconds, 1 if not.

  probe [--service <name>] <host:port>

The service is the server as a whole without a name; \`live\` is whether it answers at all.`

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
  process.exitCode = (await isServing(address, values.service)) ? 0 : 1
}

async function isServing(server: string, service: string): Promise<boolean> {
  const health = createClient(HealthService, { address: server, deadlineMs: withinMs, waitForReadyMs: 1 })
  try {
    const { status } = await health.check({ service })
    console.log(status === ServingStatus.SERVING ? 'serving' : 'not serving')
    return status === ServingStatus.SERVING
  } catch (error) {
    console.log((error as Error).message)
    return false
  } finally {
    health.close()
  }
}
