import { readFileSync } from 'node:fs'
import { type Static, type TObject, Type } from 'typebox'
import Schema from 'typebox/schema'
import { maxTimerMs } from './max-timer.ts'
import { StartError } from './start-error.ts'

/** A variable with a TCP port; 0 takes a free one. */
export function portSetting(port: number) {
  return Type.Integer({ minimum: 0, maximum: 65_535, default: port })
}

/** A variable with a duration in milliseconds, of at least `minimum` and at most 24.8 days. */
export function durationSetting(defaultMs: number, { minimum = 1 } = {}) {
  return Type.Integer({ minimum, maximum: maxTimerMs, default: defaultMs })
}

/**
 * A variable with a secret, which deployments mount as a file: a random value that they make, the same one for all services that have
 * the variable. A deployment in production starts without one that is only for development.
 */
export function secretSetting({ minLength = 1, isDevelopmentOnly = false } = {}) {
  return Type.Optional(Type.String({ minLength, secret: true, ...(isDevelopmentOnly && { development: true }) }))
}

/** A variable with a value that only the operator knows; a deployment starts without it, too. */
export function givenSetting() {
  return Type.Optional(Type.String({ minLength: 1, given: true }))
}

/** A variable with a secret that only the operator knows, such as the key of a provider; a deployment starts without it, too. */
export function givenSecretSetting({ pattern = '.' } = {}) {
  return Type.Optional(Type.String({ pattern, secret: true, given: true }))
}

/** How settings are read. */
export interface ReadOptions {
  /** A variable with this prefix takes precedence over the one without: `CART_GRACE_MS` over `GRACE_MS`. */
  prefix?: string
}

/**
 * Reads settings from environment variables, one for each property of the schema. X_FILE may name a file that contains the
 * value of X. An empty variable counts as not set, and so does an empty file of what
 * the operator gives. Throws one `StartError` that names every wrong variable, and no values,
 * which may be secrets.
 */
export function readSettings<Schema extends TObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
  { prefix = '' }: ReadOptions = {},
): Static<Schema> {
  const names = new Map(Object.keys(schema.properties).map((name) => [name, variableOf(name, prefix, env)]))
  const given = [...names].flatMap(([name, variable]) => {
    const text = readVariable(variable, env)
    const { type, given: isGiven } = schema.properties[name] as SettingSchema
    const isMissing = text === undefined || (text === '' && isGiven)
    return isMissing ? [] : [[name, valueOf(text, type)]]
  })
  const settings = { ...defaultsOf(schema), ...Object.fromEntries(given) }
  const [, errors] = Schema.Errors(schema, settings)
  const problems = errors.map((problem) => describeProblem(problem, names))
  if (problems.length > 0) throw new StartError(`wrong settings: ${problems.join('; ')}`)
  return settings as Static<Schema>
}

function defaultsOf({ properties }: TObject): Record<string, unknown> {
  const defaults = Object.entries(properties as Record<string, SettingSchema>)
  return Object.fromEntries(
    defaults.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** The variables of the schema, including those that name a file. */
export function variablesOf(schema: TObject, prefixes: readonly string[] = ['']): string[] {
  return prefixes.flatMap((prefix) =>
    Object.keys(schema.properties).flatMap((name) => [`${prefix}${name}`, `${prefix}${name}_FILE`]),
  )
}

interface SettingSchema {
  type?: string
  default?: unknown
  given?: boolean
}

/** The value that the text of a variable stands for; the text itself where it is no value of this type. */
function valueOf(text: string, type: string | undefined): unknown {
  if (type === 'integer' || type === 'number')
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text
}

function variableOf(name: string, prefix: string, env: NodeJS.ProcessEnv): string {
  const own = `${prefix}${name}`
  return env[own] || env[`${own}_FILE`] ? own : name
}

function readVariable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${name}_FILE`]
  return file ? readSecret(name, file) : env[name] || undefined
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new StartError(`wrong settings: ${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

type Problem = ReturnType<typeof Schema.Errors>[1][number]

function describeProblem(problem: Problem, names: ReadonlyMap<string, string>): string {
  if (problem.keyword === 'required') {
    const { requiredProperties: missing } = problem.params
    return `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`
  }
  const property = problem.instancePath.slice(1)
  const name = names.get(property) ?? property
  if (problem.keyword === 'maximum' && problem.params.limit === maxTimerMs)
    return `${name} must be at most ${maxTimerMs} (24.8 days)`
  const allowed = problem.keyword === 'enum' ? ` (${problem.params.allowedValues.join(', ')})` : ''
  return `${name} ${problem.message}${allowed}`
}
