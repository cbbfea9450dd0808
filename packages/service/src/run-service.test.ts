import { runProcess } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'

describe('runService', () => {
  it('answers, names the variables that it does not know, and stops cleanly on SIGTERM', async () => {
    const { child, prints, ended } = run({ GRACE_M: '5', FIXTURE_COLOUR: 'red' })

    await prints(/fixture answers/)
    child.kill('SIGTERM')

    const { code, stdout, stderr } = await ended
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('fixture is stopping')
    expect(stdout).toContain('fixture has stopped')
    expect(stdout).toContain('"variables":["GRACE_M (did you mean GRACE_MS?)","FIXTURE_COLOUR"]')
  })

  it('prints one line for wrong settings', async () => {
    expect(await run({ GRACE_MS: 'soon' }).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'fixture: wrong settings: GRACE_MS must be integer\n',
    })
  })

  it('prints one line when its port is taken', async () => {
    const first = run()
    const [, port = ''] = await first.prints(/"port":(\d+)/)

    const { code, stderr } = await run({ PORT: port }).ended
    first.child.kill()

    expect(code).toBe(1)
    expect(stderr).toMatch(/^fixture: cannot listen on .*: the port is already in use\n$/)
    await first.ended
  })

  it.each([
    // 2001:db8::/32 is for documentation (RFC 3849), so no machine has it; `invalid` is no domain (RFC 2606).
    ['[2001:db8::1]', '[2001:db8::1]:0: this machine has no such address'],
    ['books.invalid', 'books.invalid:0: there is no such host'],
  ])('prints one line when it cannot listen on %s', async (host, reason) => {
    expect(await run({ HOST: host }).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `fixture: cannot listen on ${reason}\n`,
    })
  })
})

function run(env: Record<string, string> = {}) {
  return runProcess(new URL('./run-service.fixture.ts', import.meta.url), { HOST: '127.0.0.1', PORT: '0', ...env })
}
