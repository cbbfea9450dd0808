import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'

/** Opens the whole store as a process of its own, on free ports, with its data in memory. */
export function openStore(): ProcessUnderTest {
  const env = { PORT: '0', INVENTORY_PORT: '0', RECOMMENDATIONS_PORT: '0', ARTICLES_PORT: '0', DATA_DIR: 'memory://' }
  return runProcess(new URL('./main.ts', import.meta.url), env)
}

/** The address of its front page, once it is open. */
export async function addressOf(store: ProcessUnderTest): Promise<string> {
  const [address] = await store.prints(/http:\/\/localhost:\d+/)
  return address
}
