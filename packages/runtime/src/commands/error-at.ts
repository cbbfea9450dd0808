import { StartError } from '../start-error.ts'

/** Says where in a file something is wrong. */
export function errorAt(file: string, line: number, problem: string): StartError {
  return new StartError(`${file}:${line}: ${problem}`)
}
