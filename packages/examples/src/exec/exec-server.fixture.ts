import type { MockExecService } from '@books/proto'
import type { CallOptions, Client } from '@books/rpc'
import { createLog } from '@books/runtime'
import { readServiceSettings, startService } from '@books/service'
import type { Outcome } from './sandbox.ts'
import { exec } from './service.ts'

const log = createLog('exec', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })

/** Settings of exec by their names. */
export type Settings = Readonly<Record<string, number>>

/** Starts exec on a free port, with its own settings where a test does not say otherwise. */
export function start(settings: Settings = {}) {
  const defaults = readServiceSettings(exec, { HOST: '127.0.0.1', PORT: '0' })
  return startService(exec, { settings: { ...defaults, ...settings }, log })
}

/** Runs a snippet, and reads what came of it. */
export async function run(
  client: Client<typeof MockExecService>,
  sourceCode: string,
  options?: CallOptions,
): Promise<Outcome> {
  const { resp } = await client.exec({ sourceCode }, options)
  return JSON.parse(resp)
}
