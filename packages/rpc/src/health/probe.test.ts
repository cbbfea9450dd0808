import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { service } from '../call/service.ts'
import { TourService, tour } from '../call/tour.fixture.ts'

const program = fileURLToPath(new URL('./probe.js', import.meta.url))
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the probe', () => {
  it('succeeds at a server that is serving, and at one that is alive', async () => {
    const server = await serve([service(TourService, tour())])
    opened.defer(server.stop)

    expect(await probe(`127.0.0.1:${server.port}`)).toMatchObject({ stdout: 'serving\n' })
    expect(await probe('--service', 'live', `127.0.0.1:${server.port}`)).toMatchObject({ stdout: 'serving\n' })
  })

  it('fails at one that is not serving', async () => {
    const server = await serve([service(TourService, tour())], {
      readinessChecks: { ink: () => Promise.reject(new Error('none')) },
    })
    opened.defer(server.stop)

    await expect(probe(`127.0.0.1:${server.port}`)).rejects.toMatchObject({ code: 1, stdout: 'not serving\n' })
  })

  it.each([
    [200, 0, 'serving\n'],
    [503, 1, 'not serving\n'],
  ])('asks an HTTP server, which answers %s', async (status, code, stdout) => {
    const server = createServer((_request, response) => response.writeHead(status, { connection: 'close' }).end())
    opened.defer(() => void server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')

    const asked = probe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`)

    expect(
      await asked.then(
        () => ({ code: 0 }),
        (error) => error,
      ),
    ).toMatchObject({ code })
    expect(await asked.catch((error) => error)).toMatchObject({ stdout })
  })

  it('fails where the server does not know the service, and says so', async () => {
    const server = await serve([service(TourService, tour())])
    opened.defer(server.stop)

    await expect(probe('--service', 'ink', `127.0.0.1:${server.port}`)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('No such service'),
    })
  })

  it.each([
    ['where there is no server', ['127.0.0.1:1']],
    ['without an address', []],
  ])('fails %s, and says why', async (_what, args) => {
    await expect(probe(...args)).rejects.toMatchObject({ code: 1, stdout: expect.stringMatching(/\S/), stderr: '' })
  })
})

function probe(...args: string[]) {
  return promisify(execFile)(process.execPath, [program, ...args])
}
