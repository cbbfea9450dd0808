import type { MockExecService } from '@books/proto'
import type { CallOptions, Client } from '@books/rpc'
import { createLog, readSettings } from '@books/runtime'
import { type Settings, settingsSchema, startExec } from './index.ts'
import type { Outcome } from './sandbox.ts'

const log = createLog('exec', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })

/** Starts exec on a free port, with its own settings where a test does not say otherwise. */
export function start(settings: Partial<Settings> = {}) {
  const defaults = readSettings(settingsSchema, {})
  return startExec({ settings: { ...defaults, HOST: '127.0.0.1', PORT: 0, ...settings }, log })
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
