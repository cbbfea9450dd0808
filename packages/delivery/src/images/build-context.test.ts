import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import dockerignore from '@balena/dockerignore'
import { describe, expect, it } from '@jest/globals'
import { unwantedFilesOf } from './image-rules.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const ignore = dockerignore.default().add(readFileSync(`${root}.dockerignore`, 'utf8'))

describe('the build context of images', () => {
  it.each(['', 'packages/articles/', 'packages/marketplace/src/http/', 'protobufs/'])(
    'has nothing from %j that belongs to one person or machine',
    (folder) => {
      const planted = [
        ...['.env', '.env.local', '.env.production', '.npmrc', '.data/PG_VERSION', '.git/config', '.DS_Store'],
        ...['tls.pem', 'tls.key', 'tls.crt', 'store.p12', 'id_ed25519', 'certs/ca.txt', 'secrets/password'],
        ...['npm-debug.log', 'main.ts.bak', 'main.ts.orig', 'main.ts~', '.main.ts.swp', '#main.ts#', '.#main.ts'],
        ...['.vscode/settings.json', '.idea/workspace.xml', 'CPU.1.cpuprofile', 'Heap.1.heapsnapshot'],
        ...['node_modules/x/index.js', 'coverage/lcov.info', 'src/gen/stale.ts', 'test/main.ts', 'src/a.test.ts'],
      ].map((file) => folder + file)

      expect(ignore.filter(planted)).toEqual([])
    },
  )

  it('has every source that an image is made from', () => {
    const wanted = sources().filter((file) => !file.endsWith('/README.md') && !file.endsWith('/tsconfig.json'))
    const tests = wanted.filter((file) => unwantedFilesOf([`books/${file}`]).length > 0)

    expect(wanted.filter((file) => !tests.includes(file) && ignore.ignores(file))).toEqual([])
  })
})

function sources(): string[] {
  const exclude = ['**/node_modules/**', '**/gen/**']
  return globSync('{packages,protobufs}/**/*.{ts,js,json,proto,md,hbs,css,svg,png}', { cwd: root, exclude })
}
