import { StartError } from '@books/runtime'
import { readSplit, type Split } from './read-split.ts'
import { splitByTime } from './split-by-time.ts'

/** The options by which a command is told its data set. */
export const splitOptions = {
  train: { type: 'string' },
  test: { type: 'string' },
  ordered: { type: 'boolean', default: false },
  ratings: { type: 'string' },
} as const

/** What they mean, for a command's help. */
export const splitHelp = `The files have lines "reader item item ...", numbers from 0, and are gzipped if their names end in .gz.
  --ordered  the items of each line are in the order of time, the oldest first
  --ratings  instead of two files: one with times, in a layout that "import" reads; the newest fifth of what each reader
             likes is tested`

/** Reads the data set that the options name. Throws a `StartError` with the help where they name none. */
export async function readSplitOption(
  values: { train?: string; test?: string; ordered: boolean; ratings?: string },
  help: string,
): Promise<Split> {
  const { train, test, ordered: isOrdered, ratings } = values
  if (ratings && !train && !test) return splitByTime(ratings)
  if (!train || !test || ratings) throw new StartError(help)
  return readSplit({ train, test, isOrdered })
}
