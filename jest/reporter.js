import { mkdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { env } from 'node:process'

/** Writes what the tests of a package came to, for the table of `make test`. */
export default class ResultReporter {
  #rootDir

  constructor({ rootDir }) {
    this.#rootDir = rootDir
  }

  onRunComplete(
    _contexts,
    { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numFailedTestSuites, startTime },
  ) {
    const folder = new URL(`../artefacts/tests/${env.npm_lifecycle_event ?? 'jest'}/`, import.meta.url)
    const result = {
      success: numFailedTestSuites === 0,
      passed,
      failed,
      skipped,
      seconds: (Date.now() - startTime) / 1000,
    }
    mkdirSync(folder, { recursive: true })
    writeFileSync(new URL(`${basename(this.#rootDir)}.json`, folder), JSON.stringify(result))
  }
}
