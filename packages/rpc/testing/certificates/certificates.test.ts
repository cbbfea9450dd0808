import { spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { service } from '../../src/call/service.ts'
import { TourService, tour } from '../../src/call/tour.fixture.ts'
import { serve } from '../index.ts'
import { writeCertificates } from './folder.ts'

const dayMs = 24 * 60 * 60 * 1000

describe('development certificates', () => {
  let parent: string
  let folder: string
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'books-certs-'))
    folder = join(parent, 'certs')
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  it('are written for each service, with keys readable by their owner alone', () => {
    const { status, stdout, stderr } = run(folder, 'recommendations', 'marketplace')

    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`TLS_CERT=${folder}/marketplace.crt TLS_KEY=${folder}/marketplace.key`)
    const files = readdirSync(folder).toSorted()
    expect(files.map((file) => [file, modeOf(join(folder, file))])).toEqual([
      ['ca.crt', 0o644],
      ['ca.key', 0o600],
      ['marketplace.crt', 0o644],
      ['marketplace.key', 0o600],
      ['recommendations.crt', 0o644],
      ['recommendations.key', 0o600],
    ])
    expect(modeOf(folder)).toBe(0o700)
  })

  it('are for the name of the service and this machine, for 90 days, and signed by the authority', () => {
    run(folder, 'recommendations')

    const [authority, own] = [certificateOf('ca'), certificateOf('recommendations')]
    expect(own.subjectAltName?.split(', ')).toEqual([
      'DNS:recommendations',
      'DNS:localhost',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
    ])
    expect(own.validToDate.getTime() - own.validFromDate.getTime()).toBe(90 * dayMs)
    expect(Math.abs(own.validFromDate.getTime() - Date.now())).toBeLessThan(60_000)
    expect([own.ca, authority.ca]).toEqual([false, true])
    // For a server and for a client (RFC 5280, 4.2.1.12).
    expect(own.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
    expect(own.checkIssued(authority) && own.verify(authority.publicKey)).toBe(true)
    expect(own.checkPrivateKey(createPrivateKey(readFileSync(join(folder, 'recommendations.key'))))).toBe(true)
  })

  it('let a server and a client connect', async () => {
    await writeCertificates(folder, ['recommendations'], new Date())
    const [ca, cert, key] = ['ca.crt', 'recommendations.crt', 'recommendations.key'].map((file) => join(folder, file))
    const callers: unknown[] = []
    const greet = async (_request: unknown, call: { peer: { names: readonly string[] } }) => {
      callers.push(call.peer.names)
      return { text: 'Hello' }
    }

    const server = await serve([service(TourService, tour({ greet }))], { tls: { ca, cert, key } })
    await server.client(TourService).greet({ name: 'Ada' })
    await server.stop()

    expect(callers).toEqual([['recommendations', 'localhost']])
  })

  it('are renewed by a second run, with the same authority, in a folder for its owner alone', () => {
    run(folder, 'recommendations')
    const before = [certificateOf('ca').serialNumber, certificateOf('recommendations').serialNumber]
    chmodSync(folder, 0o755)

    const { stdout } = run(folder, 'recommendations')

    const [authority, own] = [certificateOf('ca'), certificateOf('recommendations')]
    expect(authority.serialNumber).toBe(before[0])
    expect(own.serialNumber).not.toBe(before[1])
    expect(own.verify(authority.publicKey)).toBe(true)
    expect(stdout).toMatch(/^The same authority signed/)
    expect(modeOf(folder)).toBe(0o700)
  })

  it('get a new authority when the existing one would expire before them', async () => {
    const longAgo = new Date(Date.now() - 3_600 * dayMs)
    await writeCertificates(folder, ['recommendations'], longAgo)
    const former = certificateOf('ca')

    const { isNewAuthority } = await writeCertificates(folder, ['recommendations'], new Date())

    expect(isNewAuthority).toBe(true)
    expect(certificateOf('ca').serialNumber).not.toBe(former.serialNumber)
    expect(certificateOf('recommendations').verify(certificateOf('ca').publicKey)).toBe(true)
  })

  it.each([
    ['a broken authority', 'ca.crt', 'garbage'],
    ['a broken key', 'ca.key', 'garbage'],
    ['the key of another', 'ca.key', undefined],
  ])('are not made with %s', async (_, file, text) => {
    await writeCertificates(folder, ['recommendations'], new Date())
    writeFileSync(join(folder, file), text ?? readFileSync(join(folder, 'recommendations.key')))

    const making = writeCertificates(folder, ['recommendations'], new Date())

    await expect(making).rejects.toThrow(/^.*certs\/ca\.crt and ca\.key cannot be used: .*$/)
  })

  it.each([['ca'], ['../up'], ['Uppercase'], ['a b'], ['']])('are not made for a service named %p', async (name) => {
    const making = writeCertificates(folder, ['recommendations', name], new Date())

    await expect(making).rejects.toThrow(new Error(`"${name}" is not a valid service name`))
    expect(readdirSync(parent)).toEqual([])
  })

  it('are explained by --help, and after wrong arguments', () => {
    const help = run('--help')
    const empty = run()
    const unknown = run('--nonsense')
    const wrong = run(folder, 'recommendations', 'a b')

    expect([help.status, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toContain('make certs')
    expect([empty.status, empty.stderr]).toEqual([1, expect.stringContaining('make certs')])
    expect([wrong.status, wrong.stderr]).toEqual([1, '"a b" is not a valid service name\n'])
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining("Unknown option '--nonsense'")])
  })

  function certificateOf(name: string): X509Certificate {
    return new X509Certificate(readFileSync(join(folder, `${name}.crt`)))
  }
})

function run(...args: string[]) {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: {} })
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}
