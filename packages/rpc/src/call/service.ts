import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { allowOnly } from '../server/authorization.ts'
import type { Call } from './call.ts'

export type { ServiceDefinition }

/** One method of a generated service table, its message types forgotten. */
export type Method = MethodDefinition<unknown, unknown>

/** The message that a method takes. */
export type RequestOf<M> = M extends { requestDeserialize: (bytes: Buffer) => infer Request } ? Request : never

/** The message that a method answers. */
export type ResponseOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer Response } ? Response : never

type InputOf<M> = M extends { requestStream: true } ? AsyncIterable<RequestOf<M>> : RequestOf<M>

type PartialInputOf<M> = M extends { requestStream: true }
  ? AsyncIterable<Partial<RequestOf<M>>>
  : Partial<RequestOf<M>>

type OutputOf<M> = M extends { responseStream: true } ? AsyncIterable<ResponseOf<M>> : Promise<ResponseOf<M>>

/** What a service implements: an async function for each method, a generator where the method streams its answer. */
export type Handlers<Definition extends ServiceDefinition> = {
  [Name in keyof Definition]: (input: InputOf<Definition[Name]>, call: Call) => OutputOf<Definition[Name]>
}

/** What a client offers: the same functions from the caller's side. A field that a request leaves out has its default. */
export type Methods<Definition extends ServiceDefinition, Options> = {
  [Name in keyof Definition]: (input: PartialInputOf<Definition[Name]>, options?: Options) => OutputOf<Definition[Name]>
}

/** A method and what answers it, whatever its messages are. */
export interface Route {
  method: Method
  handler: (input: unknown, call: Call) => unknown
}

/** A service ready to be served: its full name and its routes. */
export interface Service {
  name: string
  routes: Route[]
}

/** What a service may be told besides its handlers. */
export interface ServiceOptions<Definition extends ServiceDefinition> {
  /**
   * For each method, the names of which a caller's certificate must have one, else the call is answered
   * PERMISSION_DENIED; `*` stands for the methods that are not named. A method without names admits everybody.
   */
  allowedCallers?: { readonly [Name in keyof Definition | '*']?: readonly string[] }
}

/** Binds a generated service table to the handlers that answer it. */
export function service<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  { allowedCallers = {} }: ServiceOptions<Definition> = {},
): Service {
  const routes = Object.entries(definition).map(([name, method]) => {
    const handler = (handlers[name] as Route['handler']).bind(handlers)
    const names = allowedCallers[name] ?? allowedCallers['*']
    return { method, handler: names ? allowOnly(names, handler) : handler }
  })
  return { name: nameOf(definition), routes }
}

/** The full name of a service, which every path begins with: `/package.Service/Method`. */
export function nameOf(definition: ServiceDefinition): string {
  const [first] = Object.values(definition)
  return first?.path.split('/')[1] ?? ''
}
