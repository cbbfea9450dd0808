import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { TlsFiles } from '../../src/tls/tls-files.ts'
import { serve } from '../../testing/index.ts'
import { interopCases } from './cases.ts'
import { createCertificates } from './certificates.fixture.ts'
import { type Certificates, findCorePrograms, runCoreCase, startCoreServer } from './core.fixture.ts'
import { runCase } from './run-case.ts'
import { testService } from './test-service.ts'

// The client that ruby-grpc brings has no such cases.
const missingInCore = new Set(['special_status_message', 'concurrent_large_unary'])

const programs = findCorePrograms() ?? ''
const describeHere = programs ? describe : describe.skip
const reason = programs ? '' : ' (skipped: the Debian package ruby-grpc is not installed)'

describeHere(`grpc's interoperability tests with the C core${reason}`, () => {
  describe('in plaintext', () => {
    tryBothWays(() => undefined)
  })

  describe('over TLS', () => {
    let files: ReturnType<typeof createCertificates>
    beforeAll(() => {
      files = createCertificates()
    })
    afterAll(() => rmSync(files.folder, { recursive: true }))

    tryBothWays(() => files)
  })
})

function tryBothWays(findFiles: () => (TlsFiles & { folder: string }) | undefined): void {
  describe('its client against this server', () => {
    let server: Awaited<ReturnType<typeof serve>>
    beforeAll(async () => {
      server = await serve([testService()], { address: '127.0.0.1:0', tls: findFiles() })
    })
    afterAll(() => server.stop())

    it.each(Object.keys(interopCases).filter((name) => !missingInCore.has(name)))('%s', async (name) => {
      const outcome = runCoreCase(programs, name, server.port, certificates())

      await expect(outcome).resolves.toBeUndefined()
    })
  })

  describe('this client against its server', () => {
    let server: Awaited<ReturnType<typeof startCoreServer>>
    beforeAll(async () => {
      server = await startCoreServer(programs, certificates())
    })
    afterAll(() => server.stop())

    it.each(Object.keys(interopCases))('%s', async (name) => {
      const outcome = runCase(name, { address: `localhost:${server.port}`, tls: findFiles() })

      await expect(outcome).resolves.toBeUndefined()
    })
  })

  function certificates(): Certificates {
    return findFiles()?.folder
  }
}
