import type { Behaviour } from './dependency-process.fixture.ts'
import type { RunningDependency } from './running-dependency.fixture.ts'

/** A fault of a dependency. */
export interface Fault {
  name: string
  begin(dependency: RunningDependency): Promise<void> | void
  end(dependency: RunningDependency): Promise<void> | void
  /** Whether the dependency answers no call during the fault. */
  isTotal: boolean
}

/** Every fault that is injected. */
export const faults: readonly Fault[] = [
  { name: 'refused', begin: ({ kill }) => kill(), end: ({ start }) => start(), isTotal: true },
  { name: 'hanging', begin: ({ freeze }) => freeze(), end: ({ thaw }) => thaw(), isTotal: true },
  { name: '7 s slow', ...answering('slowly'), isTotal: true },
  { name: '50 % errors', ...answering('every other time'), isTotal: false },
  { name: 'garbage: bytes that are not HTTP/2', ...answering('bytes that are not HTTP/2'), isTotal: true },
  { name: 'garbage: connections closed at once', ...answering('connections closed at once'), isTotal: true },
  { name: 'garbage: unreadable messages', ...answering('unreadable messages'), isTotal: true },
  { name: 'garbage: truncated messages', ...answering('truncated messages'), isTotal: true },
  { name: 'garbage: no trailers', ...answering('no trailers'), isTotal: true },
  { name: 'garbage: an HTML page', ...answering('an HTML page'), isTotal: true },
  { name: 'slow drip', ...answering('a byte at a time'), isTotal: true },
  { name: 'restarted', begin: restart, end() {}, isTotal: false },
]

function answering(behaviour: Behaviour): Pick<Fault, 'begin' | 'end'> {
  return { begin: ({ behave }) => behave(behaviour), end: ({ behave }) => behave('well') }
}

async function restart({ kill, start }: RunningDependency): Promise<void> {
  await kill()
  await start()
}
