import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { gte } from 'semver'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const workspace = parse(read('pnpm-workspace.yaml'))
const lockfile = parse(read('pnpm-lock.yaml'))
const manifests = globSync('packages/*/package.json', { cwd: root }).map((file) => JSON.parse(read(file)))

// The first versions without known holes.
const floors = {
  '@grpc/grpc-js': '1.14.4',
  fastify: '5.8.5',
  handlebars: '4.7.9',
  protobufjs: '7.6.6',
}
const nodeFloor = '24.14.1'

describe('what the store is made of', () => {
  it.each(Object.entries(floors))('has no %s older than %s', (name, floor) => {
    const versions = lockedVersionsOf(name)

    // The OpenTelemetry exporter alone may pull protobufjs in, or not.
    if (name !== 'protobufjs') expect(versions).not.toEqual([])
    expect(versions.filter((version) => !gte(version, floor))).toEqual([])
  })

  it('runs on no Node with known holes', () => {
    const manifest = JSON.parse(read('package.json'))

    expect(gte(manifest.engines.node.replace('>=', ''), nodeFloor)).toBe(true)
    for (const version of Object.values<string>(manifest.optionalDependencies))
      expect(gte(version, nodeFloor)).toBe(true)
  })

  it('is at least a week old, but for nothing', () => {
    expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(7 * 24 * 60)
    expect(workspace.minimumReleaseAgeExclude).toBeUndefined()
  })

  it('runs no install script that is not named', () => {
    expect(workspace.dangerouslyAllowAllBuilds).toBeUndefined()
    expect(Object.keys(workspace.allowBuilds).toSorted()).toEqual([
      '@bufbuild/buf',
      '@parcel/watcher',
      'protobufjs',
      'unrs-resolver',
    ])
  })

  it('is checked by actions whose content is known', () => {
    const actions = [...read('.github/workflows/ci.yml').matchAll(/uses: (\S+)/g)].map(([, action]) => action)

    expect(actions).not.toEqual([])
    for (const action of actions) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40}$/)
  })

  it('is pinned to exact versions', () => {
    const versions = manifests.flatMap(({ dependencies = {}, devDependencies = {} }) =>
      Object.entries<string>({ ...dependencies, ...devDependencies }),
    )

    for (const [name, version] of versions)
      expect([name, version]).toEqual([name, expect.stringMatching(/^(\d|catalog:|workspace:)/)])
  })

  it('is explained in docs/dependencies.md, each direct dependency', () => {
    const page = read('docs/dependencies.md')
    const direct = new Set(manifests.flatMap(({ dependencies = {} }) => Object.keys(dependencies)))

    const unexplained = [...direct].filter((name) => !name.startsWith('@books/') && !isNamedIn(page, name))

    expect(unexplained).toEqual([])
  })
})

/** Packages of one scope may be named without it. */
function isNamedIn(text: string, name: string): boolean {
  return (
    text.includes(`\`${name}\``) || (name.startsWith('@opentelemetry/') && text.includes(`\`${name.split('/')[1]}\``))
  )
}

function lockedVersionsOf(name: string): string[] {
  return Object.keys(lockfile.packages).flatMap((key) =>
    key.startsWith(`${name}@`) ? [key.slice(name.length + 1)] : [],
  )
}

function read(file: string): string {
  return readFileSync(`${root}${file}`, 'utf8')
}
