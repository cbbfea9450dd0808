import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'
import { prefixOf } from '@books/service'
import { services } from './services.ts'

const settingOf = (name: string, value: string) =>
  Object.fromEntries(services.map((service) => [`${prefixOf(service.name)}${name}`, value]))

/** Every service on a free port of this machine alone. */
export const freePorts = { HOST: '127.0.0.1', PORT: '0', ...settingOf('PORT', '0') }
/** A page has what it asked for, however busy the machine is: its fallbacks are tested elsewhere. */
export const patient = settingOf('DEADLINE_MS', '20000')

/** Opens the whole store as a process of its own, on free ports, with its data in memory. */
export function openStore(): ProcessUnderTest {
  return runProcess(new URL('./main.ts', import.meta.url), { ...freePorts, ...patient, DATA_DIR: 'memory://' })
}

/** The address of its front page, once it is open. */
export async function addressOf(store: ProcessUnderTest): Promise<string> {
  const [address] = await store.prints(/http:\/\/127\.0\.0\.1:\d+/)
  return address
}
