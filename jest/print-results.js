import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Prints what the tests of each package came to: `node jest/print-results.js test test:slow`. */
const root = new URL('../', import.meta.url)
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

for (const script of process.argv.slice(2)) {
  const rows = globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .filter((manifest) => read(manifest).scripts?.[script])
    .map((manifest) => rowOf(basename(dirname(manifest)), script))
  const failed = rows.filter((row) => row.result !== 'passed').map((row) => row.package)

  console.log(`\npnpm -r ${script}`)
  console.table(Object.fromEntries(rows.map(({ package: name, ...row }) => [name, row])))
  console.log(failed.length > 0 ? `Failed: ${failed.join(', ')}` : 'Every package passed.')
}

function rowOf(name, script) {
  try {
    const { passed, skipped, seconds, success } = read(`artefacts/tests/${script}/${name}.json`)
    return {
      package: name,
      result: success ? 'passed' : 'failed',
      tests: passed,
      skipped,
      seconds: Math.round(seconds),
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return { package: name, result: 'ended without a result' }
  }
}
