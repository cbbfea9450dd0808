import type { ServiceDefinition } from '../../src/call/service.ts'
import type { Client, ClientInterceptor } from '../../src/index.ts'

/** Opens a client of a service for a case; it is closed with the case. */
export type Connect = <Definition extends ServiceDefinition>(
  definition: Definition,
  interceptors?: readonly ClientInterceptor[],
) => Client<Definition>

/** One case of gRPC's interoperability tests. Rejects where the server does not behave as described. */
export type InteropCase = (connect: Connect) => Promise<void>
