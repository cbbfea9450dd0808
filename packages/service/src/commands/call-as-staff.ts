import { type Client, RpcError, type ServiceDefinition } from '@books/rpc'
import { createLog, StartError } from '@books/runtime'
import { createClients, type Dependency, prefixOf } from '../dependency.ts'
import { readServiceSettings } from '../service-settings.ts'

/**
 * Calls a running service as staff, where the settings of the dependency say that it is (NAME_HOST, NAME_PORT). Errors that it answers
 * become a `StartError`.
 */
export async function callAsStaff<Contract extends ServiceDefinition, Result>(
  name: string,
  dependency: Dependency<Contract>,
  env: NodeJS.ProcessEnv,
  call: (client: Client<Contract>) => Promise<Result>,
): Promise<Result> {
  // A command listens nowhere: only where the service is, and the certificates, matter.
  const caller = {
    name: 'staff',
    port: 0,
    protocol: 'grpc' as const,
    settings: {},
    dependencies: { [name]: dependency },
  }
  const settings = readServiceSettings(caller, env)
  const log = createLog('staff', { ...settings, LOG_LEVEL: 'warn' })
  using client = createClients({ [name]: dependency }, { settings, log })[name]!
  try {
    return await call(client)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const reason = error.details.errorInfo?.reason
    throw new StartError(reason ? `${error.message} (${reason})` : error.message)
  }
}

/** The end of the help of a command that calls a service as staff. */
export function whereHelpOf(name: string, { port }: Pick<Dependency, 'port'>): string {
  const prefix = prefixOf(name)
  return `Calls the service at ${prefix}HOST and ${prefix}PORT (localhost, ${port}). Where its callers need certificates,
set TLS_CA, TLS_CERT and TLS_KEY to that of \`staff\`, which \`make certs\` makes.`
}
