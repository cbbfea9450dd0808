import { loadDescriptors } from '@books/proto'
import { addressOf, type Client, createClient, RpcError, type ServiceDefinition, Status } from '@books/rpc'
import { clientTlsOf, portSetting, readSettings, StartError, tlsSettings } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { Type } from 'typebox'

/** A program that calls an example and prints the answers. */
export interface ClientProgram<Definition extends ServiceDefinition> {
  /** The name of the example, as in `start <name>`. */
  name: string
  service: Definition
  /** The default of PORT. */
  port: number
  env: NodeJS.ProcessEnv
  /** `words` are the arguments after the name. */
  run(client: Client<Definition>, words: readonly string[]): Promise<void>
}

/** Runs a program that calls an example. If a call fails, it prints one line and the exit code is 1. */
export async function runClient<Definition extends ServiceDefinition>(program: ClientProgram<Definition>) {
  const { name, service, port, env, run } = program

  await runCommand({
    help: `Calls ${name}. HOST is the machine that it runs on (localhost), PORT its port (${port}).`,
    options: {},
    takesArguments: true,
    async run({ positionals }) {
      const settings = readSettings(
        Type.Object({
          ...tlsSettings,
          HOST: Type.String({ minLength: 1, default: 'localhost' }),
          PORT: portSetting(port),
        }),
        env,
      )
      const address = addressOf(settings.HOST, settings.PORT)
      const client = createClient(service, {
        address,
        tls: clientTlsOf(settings),
        descriptors: loadDescriptors(),
        // The user wants to know at once that no server answers.
        waitForReadyMs: 0,
      })
      try {
        await run(client, positionals)
      } catch (error) {
        throw error instanceof RpcError ? new StartError(explain(error, address, name)) : error
      } finally {
        client.close()
      }
    },
  })
}

function explain({ code, message }: RpcError, address: string, name: string): string {
  if (code !== Status.UNAVAILABLE) return `${address} answers ${Status[code]}: ${message}`
  return `No server answers at ${address}. To start it: npx pnpm@12.21.0 --filter @books/examples start ${name}`
}
