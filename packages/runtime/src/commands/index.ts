export { errorAt } from './error-at.ts'
export { createProgressBar, type ProgressBar } from './progress-bar.ts'
export { type CsvOptions, type CsvRow, readCsv } from './read-csv.ts'
export { type Command, runCommand } from './run-command.ts'
