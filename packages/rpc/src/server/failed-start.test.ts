import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeService, serve } from '../../testing/index.ts'
import { silentLog } from '../call/log.ts'
import { service } from '../call/service.ts'
import { TourService, tour } from '../call/tour.fixture.ts'
import { HealthService } from '../health/health-service.ts'
import { certificateFolder, issue, newAuthority, recordedLog } from '../tls/tls.fixture.ts'
import { type ServerOptions, startServer } from './server.ts'

describe('a start that fails', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  const twice = [service(TourService, tour()), service(TourService, tour())]

  it.each<[string, (taken: number) => Partial<ServerOptions>]>([
    ['as its port is taken', (taken) => ({ address: `127.0.0.1:${taken}` })],
    ['as its probe port is taken', (taken) => ({ probePort: taken })],
    ['as two of its services have one path', () => ({ services: twice })],
    ['as its descriptors are none', () => ({ descriptors: Buffer.from('none') })],
  ])('%s reads no certificates any more', async (_reason, optionsFor) => {
    const folder = certificateFolder()
    opened.defer(folder.remove)
    const authority = await newAuthority()
    folder.put('ca.crt', authority.certificate)
    folder.putIdentity('tour', await issue(authority, ['tour']))
    const tls = folder.of('tour')
    const failed = recordedLog()
    const running = recordedLog()
    await using server = await serve([], { tls, log: running })

    const start = startServer({ address: '127.0.0.1:0', log: failed, services: [], tls, ...optionsFor(server.port) })
    await expect(start).rejects.toBeInstanceOf(Error)
    for (const round of [1, 2]) {
      folder.putIdentity('tour', await issue(authority, ['tour']))
      await running.has('new certificates are in use', round)
    }

    expect(failed.lines).toEqual([])
  })

  it.each(['maxDeadlineMs', 'drainMs', 'graceMs', 'connectionAgeMs'] as const)(
    'as %s is no number or negative names the option',
    async (option) => {
      for (const wrong of [Number.NaN, -1]) {
        const start = startServer({ address: '127.0.0.1:0', log: silentLog, services: [], [option]: wrong })
        await expect(start).rejects.toThrow(`${option} must be a number of milliseconds, not ${wrong}`)
      }
    },
  )

  it.each([
    ['two of its services', twice, '/test.Tour/Greet'],
    ['one of its services and its own', [fakeService(HealthService, {})], '/grpc.health.v1.Health/Check'],
  ])('as %s have one path names the method', async (_which, services, path) => {
    const start = startServer({ address: '127.0.0.1:0', log: silentLog, services })

    await expect(start).rejects.toThrow(`two services have the method ${path}`)
  })
})
