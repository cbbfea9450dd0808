export type { ServerInterceptor } from './answer.ts'
export type { Call, Peer } from './call.ts'
export { type CallOptions, type Client, type ClientOptions, createClient } from './client.ts'
export type { ClientCall, ClientInterceptor } from './client-call.ts'
export { needOf } from './client-need.ts'
export { type ErrorDetails, retryAfter } from './error-details.ts'
export type { Health } from './health.ts'
export { HealthService, ServingStatus } from './health-service.ts'
export { httpStatusOf } from './http-status.ts'
export type { Limits, MessageLimits } from './limits.ts'
export { addressOf } from './listen.ts'
export type { Log } from './log.ts'
export type { Need, Needs, Probing } from './needs.ts'
export { createMessagePrinter, type MessagePrinter } from './print-message.ts'
export {
  aborted,
  alreadyExists,
  dataLoss,
  failedPrecondition,
  invalidArgument,
  notFound,
  outOfRange,
  permissionDenied,
  RpcError,
  raise,
  resourceExhausted,
  Status,
  unauthenticated,
  unavailable,
  unimplemented,
} from './rpc-error.ts'
export { type RpcServer, type ServerOptions, startServer } from './server.ts'
export { type Handlers, type Service, type ServiceDefinition, type ServiceOptions, service } from './service.ts'
export type { TlsFiles } from './tls-files.ts'
