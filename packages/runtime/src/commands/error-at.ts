import { StartError } from '../start-error.ts'

/** Creates an error for a line of a file. */
export function errorAt(file: string, line: number, problem: string): StartError {
  return new StartError(`${file}:${line}: ${problem}`)
}
