import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../../', import.meta.url))

// A file, and an import in it.
const forbidden: readonly Import[] = [
  ['packages/cart/src/cart.ts', '@books/inventory'],
  ['packages/cart/src/cart.test.ts', '@books/inventory'],
  ['packages/cart/src/cart.ts', '@books/covers'],
  ['packages/cart/src/cart.ts', '@books/store'],
  ['packages/marketplace/src/app.ts', '@books/inventory'],
  ['packages/proto/src/index.ts', '@books/rpc'],
  ['packages/catalogue/src/index.ts', '@books/proto'],
  ['packages/covers/src/cover.ts', '@books/catalogue'],
  ['packages/pricing/src/price-lines.ts', '@books/proto'],
  ['packages/rpc/src/call/call.ts', '@books/proto'],
  ['packages/rpc/src/client/client.test.ts', '@books/proto'],
  ['packages/runtime/src/tls.ts', '@books/rpc'],
  ['packages/runtime/src/tls.ts', '@books/proto'],
  ['packages/service/src/dependency.ts', '@books/catalogue'],
  ['packages/mail/src/mailer.ts', '@books/service'],
  ['packages/mail/src/mailer.ts', '@books/rpc'],
  ['packages/cart/src/cart.ts', '../../inventory/src/service.ts'],
  ['packages/rpc/src/call/call.ts', '../../../runtime/src/log.ts'],
  ['packages/rpc/src/client/client.ts', '../server/server.ts'],
  ['packages/rpc/src/server/server.ts', '../client/client.ts'],
  ['packages/rpc/src/call/call.ts', '../client/client.ts'],
  ['packages/rpc/src/health/health.ts', '../server/server.ts'],
  // Product code that imports what is not part of an image.
  ...['cart', 'marketplace', 'rpc', 'runtime', 'mail', 'service', 'store', 'delivery'].flatMap((name): Import[] => [
    [`packages/${name}/src/product.ts`, './product.test.ts'],
    [`packages/${name}/src/topic/product.ts`, '../product.fixture.ts'],
    [`packages/${name}/src/product.ts`, '../test/abuse/main.ts'],
    [`packages/${name}/src/product.ts`, '../bench/bench.ts'],
    [`packages/${name}/src/product.ts`, '../testing/index.ts'],
  ]),
  ['packages/cart/src/cart.ts', '@books/rpc/testing'],
  ['packages/cart/src/cart.ts', '@books/mail/testing'],
  ['packages/cart/src/cart.ts', '@books/rpc/bench'],
  ['packages/store/src/main.ts', '@books/rpc/certificates'],
]

const allowed: readonly Import[] = [
  ...['proto', 'catalogue', 'pricing', 'rpc', 'runtime', 'runtime/commands', 'runtime/outbox', 'service', 'mail'].map(
    (name): Import => ['packages/cart/src/cart.ts', `@books/${name}`],
  ),
  ['packages/cart/src/cart.test.ts', '@books/rpc/testing'],
  ['packages/cart/src/cart.test.ts', './cart.fixture.ts'],
  ['packages/marketplace/src/app.ts', '@books/covers'],
  ['packages/runtime/src/tls.ts', '@books/rpc', 'type'],
  ['packages/service/src/dependency.ts', '@books/runtime'],
  ['packages/mail/src/mailer.ts', '@books/runtime'],
  ['packages/store/src/services.ts', '@books/inventory'],
  ['packages/delivery/src/generate/main.ts', '@books/store/services'],
  ['packages/rpc/src/client/client.ts', '../call/call.ts'],
  ['packages/rpc/src/server/server.ts', '../health/health.ts'],
  ['packages/rpc/src/server/server.test.ts', '../client/client.ts'],
]

describe('the import rules of the linter', () => {
  let folder: string
  let reported: ReadonlySet<string>
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'books-imports-'))
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    reported = lint(folder, [...forbidden, ...allowed])
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(forbidden)('forbid in %s an import of %s', (file, name) => {
    expect(reported).toContain(planted(file, name))
  })

  it.each(allowed)('allow in %s an import of %s', (file, name, kind) => {
    expect(reported).not.toContain(planted(file, name, kind))
  })
})

type Import = readonly [file: string, name: string, kind?: string]

/** Where an import is planted: a file of its own, whose folder and suffix are those of the file that it stands for. */
function planted(file: string, name: string, kind = 'value'): string {
  return file.replace(/[\w-]+(?=(\.\w+)?\.ts$)/, `${kind}${name.replaceAll(/[^a-z]+/g, '-')}`)
}

/** Writes a file for each import, and runs the linter with the rules of the repository. Returns the files with a forbidden import. */
function lint(folder: string, imports: readonly Import[]): ReadonlySet<string> {
  for (const [file, name, kind] of imports) {
    const path = join(folder, planted(file, name, kind))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `import ${kind ?? ''} { Thing } from '${name}'\n\nexport type Alias = typeof Thing\n`)
  }
  const args = ['--format=json', '--allow=all', '--deny=no-restricted-imports']
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), args, { cwd: folder, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }
  return new Set(
    diagnostics.filter(({ code }) => code.includes('no-restricted-imports')).map(({ filename }) => filename),
  )
}
