export { errorAt } from './error-at.ts'
export { createProgressBar } from './progress-bar.ts'
export { readCsv } from './read-csv.ts'
export { runCommand } from './run-command.ts'
