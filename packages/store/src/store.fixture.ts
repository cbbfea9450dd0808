import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'

const addresses = { HOST: '127.0.0.1', PORT: '0', INVENTORY_PORT: '0', RECOMMENDATIONS_PORT: '0', ARTICLES_PORT: '0' }
// A page has what it asked for, however busy the machine is: its fallbacks are tested elsewhere.
const deadlines = {
  INVENTORY_DEADLINE_MS: '20000',
  RECOMMENDATIONS_DEADLINE_MS: '20000',
  ARTICLES_DEADLINE_MS: '20000',
}

/** Opens the whole store as a process of its own, on free ports, with its data in memory. */
export function openStore(): ProcessUnderTest {
  return runProcess(new URL('./main.ts', import.meta.url), { ...addresses, ...deadlines, DATA_DIR: 'memory://' })
}

/** The address of its front page, once it is open. */
export async function addressOf(store: ProcessUnderTest): Promise<string> {
  const [address] = await store.prints(/http:\/\/127\.0\.0\.1:\d+/)
  return address
}
