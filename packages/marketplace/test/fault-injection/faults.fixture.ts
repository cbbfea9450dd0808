import type { Manner } from './dependency-process.fixture.ts'
import type { RunningDependency } from './running-dependency.fixture.ts'

/** A way in which a dependency fails. */
export interface Fault {
  name: string
  begin(dependency: RunningDependency): Promise<void> | void
  end(dependency: RunningDependency): Promise<void> | void
  /** Whether the dependency answers nobody meanwhile. */
  isTotal: boolean
}

/** Every way in which a dependency fails; a new one is a row here. */
export const faults: readonly Fault[] = [
  { name: 'refused', begin: ({ kill }) => kill(), end: ({ start }) => start(), isTotal: true },
  { name: 'hanging', begin: ({ freeze }) => freeze(), end: ({ thaw }) => thaw(), isTotal: true },
  { name: '7 s slow', ...answering('slowly'), isTotal: true },
  { name: '50 % errors', ...answering('every other time'), isTotal: false },
  { name: 'garbage: bytes that are no HTTP/2', ...answering('bytes that are no HTTP/2'), isTotal: true },
  { name: 'garbage: connections that end at once', ...answering('connections that end at once'), isTotal: true },
  { name: 'garbage: unreadable messages', ...answering('unreadable messages'), isTotal: true },
  { name: 'garbage: messages cut short', ...answering('messages cut short'), isTotal: true },
  { name: 'garbage: no trailers', ...answering('no trailers'), isTotal: true },
  { name: 'garbage: a page for people', ...answering('a page for people'), isTotal: true },
  { name: 'slow drip', ...answering('a byte at a time'), isTotal: true },
  { name: 'restarted', begin: restart, end() {}, isTotal: false },
]

function answering(manner: Manner): Pick<Fault, 'begin' | 'end'> {
  return { begin: ({ behave }) => behave(manner), end: ({ behave }) => behave('well') }
}

async function restart({ kill, start }: RunningDependency): Promise<void> {
  await kill()
  await start()
}
