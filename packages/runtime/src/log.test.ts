import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'

const createsLog = `
  const { createLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)})
  const settings = { LOG_LEVEL: 'info', LOG_FORMAT: 'json' }
  const [log, other] = [createLog('books', settings), createLog('others', settings)]
`

describe('the log of a process', () => {
  it.each([
    ['ends', ''],
    ['exits', 'process.exit()'],
    ['fails', 'throw new Error("a bug")'],
  ])('has all lines, in their order, when it %s', (_, end) => {
    const code = `${createsLog}; for (let n = 0; n < 3; n++) { log.info('first'); other.info('second') } ${end}`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' })

    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(messages).toEqual(['first', 'second', 'first', 'second', 'first', 'second'])
  })

  it('may be written to after its reader has closed the pipe', () => {
    const code = `${createsLog}
      process.stdout.destroy()
      const later = () => log.info('a line without a reader')
      setTimeout(later, 1)
      setTimeout(() => { later(); process.stderr.write('it went on') }, 2)`
    const { stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$0" --input-type=module --eval "$1" | true', process.execPath, code],
      {
        encoding: 'utf8',
      },
    )

    expect(stderr).toBe('it went on')
  })
})
