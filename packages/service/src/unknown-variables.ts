import type { Log } from '@books/runtime'
import { closest, distance } from 'fastest-levenshtein'
import type { AnyService } from './define-service.ts'
import { prefixOf } from './dependency.ts'

/** Which variables a process reads, and what its environment has. */
export interface Environment {
  services: readonly AnyService[]
  /** Every variable that the process reads. */
  known: readonly string[]
  env: NodeJS.ProcessEnv
}

// A transposition counts as two edits.
const mostEdits = 2
// Almost any short name is two edits away from another one.
const shortestName = 6

// Kubernetes and Docker describe neighbours by variables of their own, whose names begin as ours do: CART_PORT_50058_TCP_ADDR.
const serviceLink = /_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP))(_|$)/

/**
 * The variables of the environment that look like settings of these services, and are none: those that begin with the name of one
 * of the services or of its dependencies, and those that are a misspelling of a setting. Each is described in one phrase.
 */
export function describeUnknownVariables({ services, known, env }: Environment): string[] {
  const prefixes = services.flatMap(({ name, dependencies }) => [name, ...Object.keys(dependencies)].map(prefixOf))
  const names = new Set(known)

  return Object.keys(env).flatMap((variable) => {
    if (names.has(variable) || serviceLink.test(variable)) return []
    const meant = closest(variable, known)
    const isMisspelt = variable.length >= shortestName && distance(variable, meant) <= mostEdits
    if (isMisspelt) return [`${variable} (did you mean ${meant}?)`]
    return prefixes.some((prefix) => variable.startsWith(prefix)) ? [variable] : []
  })
}

/** Logs the variables that look like settings and are none. */
export function warnOfUnknownVariables(environment: Environment, log: Log): void {
  const variables = describeUnknownVariables(environment)
  if (variables.length > 0) log.warn({ variables }, 'unknown environment variables are ignored')
}
