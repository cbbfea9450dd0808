import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import type { Call } from './call.ts'
import { requireDuration } from './max-timer.ts'

export type { ServiceDefinition }

/** One method of a generated service definition, with the message types erased. */
export type Method = MethodDefinition<unknown, unknown>

/** The request message of a method. */
export type RequestOf<M> = M extends { requestDeserialize: (bytes: Buffer) => infer Request } ? Request : never

/** The response message of a method. */
export type ResponseOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer Response } ? Response : never

type InputOf<M> = M extends { requestStream: true } ? AsyncIterable<RequestOf<M>> : RequestOf<M>

type PartialInputOf<M> = M extends { requestStream: true }
  ? AsyncIterable<Partial<RequestOf<M>>>
  : Partial<RequestOf<M>>

type OutputOf<M> = M extends { responseStream: true } ? AsyncIterable<ResponseOf<M>> : Promise<ResponseOf<M>>

/** The implementation of a service: an async function for each method, an async generator for one that streams its response. */
export type Handlers<Definition extends ServiceDefinition> = {
  [Name in keyof Definition]: (input: InputOf<Definition[Name]>, call: Call) => OutputOf<Definition[Name]>
}

/** The methods of a client. Fields that are left out of a request have their defaults. */
export type Methods<Definition extends ServiceDefinition, Options> = {
  [Name in keyof Definition]: (input: PartialInputOf<Definition[Name]>, options?: Options) => OutputOf<Definition[Name]>
}

/** A method and its handler, with the message types erased. */
export interface Route {
  method: Method
  handler: (input: unknown, call: Call) => unknown
  /** The names of which the certificate of a caller must have one; undefined where every caller is allowed. */
  allowedCallers: readonly string[] | undefined
  /** The longest that a call may take, in milliseconds, in place of the server's own value. */
  maxDeadlineMs: number | undefined
}

/** A service to be served: its full name and its routes. */
export interface Service {
  name: string
  routes: Route[]
}

/** How a server treats the methods of a service. */
export interface ServiceOptions<Definition extends ServiceDefinition> {
  /**
   * For each method, the names of which a caller's certificate must have one; other calls fail with PERMISSION_DENIED.
   * `*` stands for the methods that are not named. A method without names allows every caller.
   */
  allowedCallers?: { readonly [Name in keyof Definition | '*']?: readonly string[] }
  /**
   * For each method, the longest that a call may take, in milliseconds, in place of the server's `maxDeadlineMs`.
   * A stream that stays open for as long as its caller likes has `Infinity`.
   */
  maxDeadlineMs?: { readonly [Name in keyof Definition]?: number }
}

/** Binds a generated service definition to its handlers. */
export function service<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  { allowedCallers = {}, maxDeadlineMs = {} }: ServiceOptions<Definition> = {},
): Service {
  const routes = Object.entries(definition).map(([name, method]) => ({
    method,
    handler: requireHandler(handlers[name], method.path).bind(handlers),
    allowedCallers: allowedCallers[name] ?? allowedCallers['*'],
    maxDeadlineMs: maxDeadlineMs[name] === undefined ? undefined : requireDuration(name, maxDeadlineMs[name]),
  }))
  return { name: nameOf(definition), routes }
}

// The compiler finds a missing handler, but not where the stubs are older than the contract.
function requireHandler(handler: unknown, path: string): Route['handler'] {
  if (!handler) throw new TypeError(`${path} has no handler: handlers or generated stubs are out of date`)
  return handler as Route['handler']
}

/** The full name of a service, the first part of its methods' paths: `/package.Service/Method`. */
export function nameOf(definition: ServiceDefinition): string {
  const [first] = Object.values(definition)
  return first?.path.split('/')[1] ?? ''
}
