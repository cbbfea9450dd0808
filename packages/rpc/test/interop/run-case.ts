import { type ClientOptions, createClient } from '../../src/index.ts'
import { interopCases } from './cases.ts'

/** Runs one case against a server. Rejects where the case fails. */
export async function runCase(name: string, server: Pick<ClientOptions, 'address' | 'tls'>): Promise<void> {
  const interopCase = interopCases[name]
  if (!interopCase) throw new Error(`There is no case ${name}. There are: ${Object.keys(interopCases).join(', ')}`)

  const opened: { close(): void }[] = []
  try {
    await interopCase((definition, interceptors) => {
      const client = createClient(definition, {
        deadlineMs: 240_000,
        descriptors: new Uint8Array(),
        ...server,
        interceptors,
      })
      opened.push(client)
      return client
    })
  } finally {
    for (const client of opened) client.close()
  }
}
