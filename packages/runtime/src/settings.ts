import { readFileSync } from 'node:fs'
import { envSchema } from 'env-schema'
import { type Static, type TObject, Type } from 'typebox'
import { StartError } from './start-error.ts'

/** A variable that holds a TCP port; 0 takes a free one. */
export function portSetting(port: number) {
  return Type.Integer({ minimum: 0, maximum: 65_535, default: port })
}

/** A variable that holds a duration in milliseconds; one that may be 0 says so. */
export function durationSetting(defaultMs: number, { minimum = 1 } = {}) {
  return Type.Integer({ minimum, default: defaultMs })
}

/**
 * Reads settings from environment variables; each property of the schema is one variable. What had better not stand in
 * the environment may stand in a file: X_FILE names the file that holds X. An empty variable counts as none.
 * Fails with one `StartError` that names every wrong variable and never its value, which may be a secret.
 */
export function readSettings<Schema extends TObject>(schema: Schema, env: NodeJS.ProcessEnv): Static<Schema> {
  const given = Object.entries({ ...env, ...readFiles(schema, env) }).filter(([, value]) => value !== '')
  try {
    return envSchema<Static<Schema>>({ schema: structuredClone(schema), data: Object.fromEntries(given), env: false })
  } catch (error) {
    throw new StartError(`wrong settings: ${problemsOf(error).join('; ')}`)
  }
}

function readFiles(schema: TObject, env: NodeJS.ProcessEnv): Record<string, string> {
  const named = Object.keys(schema.properties).flatMap((name) => {
    const file = env[`${name}_FILE`]
    return file ? [{ name, file }] : []
  })
  return Object.fromEntries(named.map(({ name, file }) => [name, readSecret(name, file)]))
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new StartError(`wrong settings: ${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

interface Problem {
  instancePath: string
  message?: string
  params: { missingProperty?: string; allowedValues?: unknown[] }
}

function problemsOf(error: unknown): string[] {
  const { errors } = error as { errors: Problem[] }
  return errors.map(({ instancePath, message, params: { missingProperty, allowedValues } }) => {
    if (missingProperty) return `${missingProperty} is missing`
    const allowed = allowedValues ? ` (${allowedValues.join(', ')})` : ''
    return `${instancePath.slice(1)} ${message}${allowed}`
  })
}
