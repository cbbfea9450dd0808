import { silentLog } from '../../src/call/log.ts'
import { service, startServer } from '../../src/index.ts'
import { method, response } from '../call.ts'

/** This package. */
export async function startBooks(): Promise<number> {
  const handlers = {
    async unaryCall() {
      return response
    },
  }
  const services = [service({ unaryCall: method }, handlers)]
  // The client that writes frames by hand keeps its connections, and calls on time, however many calls that leaves open.
  const connectionAgeMs = 3_600_000
  const limits = { streamsPerConnection: 100_000, callsInFlight: 100_000 }
  const { port } = await startServer({ address: '127.0.0.1:0', log: silentLog, services, connectionAgeMs, limits })
  return port
}
