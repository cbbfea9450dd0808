import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Prints what the tests of each package came to: `node jest/print-results.js test test:slow`. */
const root = new URL('../', import.meta.url)
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

let [passed, failed] = [0, 0]
for (const script of process.argv.slice(2)) {
  const rows = globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .filter((manifest) => read(manifest).scripts?.[script])
    .map((manifest) => rowOf(basename(dirname(manifest)), script))
  const failing = rows.filter((row) => row.result !== 'passed').map((row) => row.package)
  passed += rows.reduce((sum, { tests = 0 }) => sum + tests, 0)
  // A package that failed outside of its tests counts as one of them.
  failed += rows.reduce((sum, row) => sum + (row.failed || Number(row.result !== 'passed')), 0)

  console.log(`\npnpm -r ${script}`)
  console.table(Object.fromEntries(rows.map(({ package: name, ...row }) => [name, row])))
  console.log(failing.length > 0 ? `Failed: ${failing.join(', ')}` : 'Every package passed.')
}
console.log(`\n${passed} passed, ${failed} failed`)

function rowOf(name, script) {
  try {
    const { passed, failed, skipped, seconds, success } = read(`artefacts/tests/${script}/${name}.json`)
    return {
      package: name,
      result: success ? 'passed' : 'failed',
      tests: passed,
      failed,
      skipped,
      seconds: Math.round(seconds),
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return { package: name, result: 'ended without a result' }
  }
}
