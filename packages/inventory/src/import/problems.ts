import { StartError } from '@books/runtime'
import { errorAt } from '@books/runtime/commands'

/** What is wrong with a file, collected so that all of it is told at once. */
export interface Problems {
  add(line: number, problem: string): void
  /** Throws one error that names every line, or the first hundred problems of very many. */
  throwIfAny(): void
}

const mostTold = 100

/** Collects what is wrong with a file. */
export function createProblems(file: string): Problems {
  const found: { line: number; problem: string }[] = []

  return {
    add: (line, problem) => found.push({ line, problem }),
    throwIfAny() {
      if (found.length === 0) return
      const told = found
        .toSorted((a, b) => a.line - b.line)
        .slice(0, mostTold)
        .map(({ line, problem }) => errorAt(file, line, problem).message)
      const rest = found.length - told.length
      throw new StartError([...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'))
    },
  }
}
