import type { TSchema } from 'typebox'

/** Who speaks to whom, on which port: `from > to:port`. */
export type Edge = `${string} > ${string}:${number | string}`

/** The services of the store, by their names, each with the variables that it reads. */
export type ServiceSettings = Readonly<Record<string, { properties: Record<string, TSchema> }>>

/**
 * The call graph, as the services' own settings tell it: whoever reads `X_HOST` and `X_PORT` calls the service x, and
 * whoever reads DATABASE_URL keeps data in PostgreSQL.
 */
export function callGraphOf(services: ServiceSettings): Edge[] {
  return Object.entries(services).flatMap(([from, { properties }]) =>
    Object.entries(properties).flatMap(([variable, schema]): Edge[] => {
      if (variable === 'DATABASE_URL') return [`${from} > postgres:5432`]
      const [, to] = /^(.+)_PORT$/.exec(variable) ?? []
      if (!to || !(`${to}_HOST` in properties)) return []
      return [`${from} > ${to.toLowerCase()}:${Number((schema as { default?: number }).default)}`]
    }),
  )
}
