import { describe, expect, it } from '@jest/globals'
import { runProgram } from './run-program.ts'

describe('runProgram', () => {
  it('resolves to the output of the program, its error output last', async () => {
    const program = `console.error('but'); console.log('done')`

    expect(await runProgram(process.execPath, ['--eval', program])).toBe('done\nbut\n')
  })

  it('fails with the error output of the program', async () => {
    const program = `console.error('no ink'); process.exit(3)`

    await expect(runProgram(process.execPath, ['--eval', program])).rejects.toThrow(/failed:\nno ink$/)
  })

  it('fails where there is no such program', async () => {
    await expect(runProgram('no-such-program', [])).rejects.toThrow('no-such-program cannot be run')
  })
})
