import type { Nonsense } from './nonsense.fixture.ts'
import type { RunningDependency } from './running-dependency.fixture.ts'

/** A way in which a dependency fails. */
export interface Fault {
  name: string
  begin(dependency: RunningDependency): Promise<void> | void
  end(dependency: RunningDependency): Promise<void> | void
  /** Whether the dependency answers nobody. */
  isTotal: boolean
}

/** Every way in which a dependency fails; a new one is a row here. */
export const faults: readonly Fault[] = [
  { name: 'refused', begin: ({ kill }) => kill(), end: ({ start }) => start(), isTotal: true },
  { name: 'hanging', begin: ({ freeze }) => freeze(), end: ({ thaw }) => thaw(), isTotal: true },
  { name: '7 s slow', begin: ({ behave }) => behave('slowly'), end: ({ behave }) => behave('well'), isTotal: true },
  {
    name: '50 % errors',
    begin: ({ behave }) => behave('every other time'),
    end: ({ behave }) => behave('well'),
    isTotal: false,
  },
  serves('bytes that are no HTTP/2'),
  serves('connections that close at once'),
  serves('a message that cannot be read'),
  serves('a message that is cut short'),
  serves('no trailers'),
  serves('a page for people'),
  serves('a byte at a time'),
  {
    name: 'restarted',
    async begin({ kill, start }) {
      await kill()
      await start()
    },
    end() {},
    isTotal: false,
  },
]

/** A dependency in whose place something else answers. */
function serves(nonsense: Nonsense): Fault {
  const replaceBy = async ({ kill, start }: RunningDependency, other?: Nonsense) => {
    await kill()
    await start(other)
  }
  return {
    name: nonsense,
    begin: (dependency) => replaceBy(dependency, nonsense),
    end: (dependency) => replaceBy(dependency),
    isTotal: true,
  }
}
