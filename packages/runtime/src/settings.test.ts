import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Type } from 'typebox'
import { durationSetting, givenSecretSetting, portSetting, readSettings } from './settings.ts'

const schema = Type.Object({
  PORT: portSetting(50_051),
  GRACE_MS: durationSetting(10_000),
  LEVEL: Type.Enum(['low', 'high'], { default: 'low' }),
  TOKEN: Type.String({ minLength: 8 }),
})

describe('readSettings', () => {
  it('applies defaults and converts text', () => {
    expect(readSettings(schema, { TOKEN: 'long enough', PORT: '8080', GRACE_MS: '', PATH: '/bin' })).toEqual({
      PORT: 8080,
      GRACE_MS: 10_000,
      LEVEL: 'low',
      TOKEN: 'long enough',
    })
  })

  it('names every wrong variable in one error, and no value', () => {
    const read = () => readSettings(schema, { PORT: '99999', GRACE_MS: 'soon', LEVEL: 'medium', TOKEN: 's3cret' })

    expect(read).toThrow(
      'wrong settings: PORT must be <= 65535; GRACE_MS must be integer; ' +
        'LEVEL must be equal to one of the allowed values (low, high); TOKEN must not have fewer than 8 characters',
    )
    expect(read).not.toThrow(/s3cret|99999|soon|medium/)
  })

  it('takes no number that is not whole for a whole one, and nothing for a number that is none', () => {
    const schema = Type.Object({ COUNT: Type.Integer({ default: 1 }), SHARE: Type.Number({ default: 1 }) })
    const read = (COUNT: string, SHARE: string) => readSettings(schema, { COUNT, SHARE })

    expect(read('12', '0.5')).toEqual({ COUNT: 12, SHARE: 0.5 })
    expect(() => read('5.5', '1,5')).toThrow('wrong settings: COUNT must be integer; SHARE must be number')
    expect(() => read(' ', 'Infinity')).toThrow('wrong settings: COUNT must be integer; SHARE must be number')
  })

  it('takes true and false alone for a switch', () => {
    const schema = Type.Object({ DEMO: Type.Boolean({ default: true }) })

    expect(readSettings(schema, { DEMO: 'false' })).toEqual({ DEMO: false })
    expect(() => readSettings(schema, { DEMO: 'no' })).toThrow('wrong settings: DEMO must be boolean')
  })

  it('takes the longest duration that a timer can wait, and refuses a longer one', () => {
    const read = (GRACE_MS: string) => readSettings(schema, { TOKEN: 'long enough', GRACE_MS })

    expect(read('2147483647')).toMatchObject({ GRACE_MS: 2_147_483_647 })
    expect(() => read('2147483648')).toThrow('wrong settings: GRACE_MS must be at most 2147483647 (24.8 days)')
  })

  it('takes an empty file for a secret that was not given', () => {
    const schema = Type.Object({ PROVIDER_KEY: givenSecretSetting() })

    expect(readSettings(schema, { PROVIDER_KEY_FILE: '/dev/null' })).toEqual({})
  })

  it('reads a secret from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'books-settings-'))
    const TOKEN_FILE = join(folder, 'token')
    writeFileSync(TOKEN_FILE, 'from a file\n')

    expect(readSettings(schema, { TOKEN_FILE })).toMatchObject({ TOKEN: 'from a file' })
    rmSync(folder, { recursive: true })
    expect(() => readSettings(schema, { TOKEN_FILE })).toThrow('wrong settings: TOKEN_FILE cannot be read (ENOENT)')
  })

  it('names a variable that is missing', () => {
    expect(() => readSettings(schema, {})).toThrow('wrong settings: TOKEN is missing')
  })
})
