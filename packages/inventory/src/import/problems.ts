import { StartError } from '@books/runtime'
import { errorAt } from '@books/runtime/commands'

/** The problems of a file, collected to report all of them at once. */
export interface Problems {
  add(line: number, problem: string): void
  /** Throws one error that names every line, or the first hundred problems of very many. */
  throwIfAny(): void
}

const maxReported = 100

/** Creates an empty collection of problems. */
export function createProblems(file: string): Problems {
  const found: { line: number; problem: string }[] = []

  return {
    add: (line, problem) => found.push({ line, problem }),
    throwIfAny() {
      if (found.length === 0) return
      const reported = found
        .toSorted((a, b) => a.line - b.line)
        .slice(0, maxReported)
        .map(({ line, problem }) => errorAt(file, line, problem).message)
      const rest = found.length - reported.length
      throw new StartError([...reported, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'))
    },
  }
}
