import { service, startServer } from '../../src/index.ts'
import { silentLog } from '../../src/log.ts'
import { method, response } from '../call.ts'

/** This package. */
export async function startBooks(): Promise<number> {
  const handlers = {
    async unaryCall() {
      return response
    },
  }
  const services = [service({ unaryCall: method }, handlers)]
  const { port } = await startServer({ address: '127.0.0.1:0', log: silentLog, services })
  return port
}
