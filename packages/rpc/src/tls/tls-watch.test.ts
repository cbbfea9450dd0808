import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { silentLog } from '../call/log.ts'
import { type CertificateFolder, certificateFolder, newAuthority } from './tls.fixture.ts'
import { watchTls } from './tls-watch.ts'

let folder: CertificateFolder
beforeEach(() => {
  folder = certificateFolder()
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
  folder.remove()
})

it('ignores a file that is still being written, even where it is valid so far', async () => {
  const [first, second] = [await newAuthority(), await newAuthority()]
  folder.put('ca.crt', first.certificate)
  const changes: unknown[] = []
  const watch = watchTls({ ca: folder.of('').ca, refreshMs: 10 }, silentLog, ({ ca }) => changes.push(ca))

  folder.put('ca.crt', second.certificate)
  jest.advanceTimersByTime(10)
  folder.put('ca.crt', second.certificate + first.certificate)
  jest.advanceTimersByTime(50)
  watch.close()
  folder.put('ca.crt', first.certificate)
  jest.advanceTimersByTime(50)

  expect(changes).toEqual([second.certificate + first.certificate])
  expect(watch.current.ca).toBe(second.certificate + first.certificate)
})
