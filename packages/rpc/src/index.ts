export { type Call, findCallSignal, type Peer } from './call/call.ts'
export type { ClientCall, ClientInterceptor } from './call/client-call.ts'
export { type ErrorDetails, retryAfter, retryDelayMsOf } from './call/error-details.ts'
export { httpStatusOf } from './call/http-status.ts'
export type { Log } from './call/log.ts'
export {
  aborted,
  alreadyExists,
  checkAll,
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
} from './call/rpc-error.ts'
export { type Handlers, type Service, type ServiceDefinition, type ServiceOptions, service } from './call/service.ts'
export { type CallOptions, type Client, type ClientOptions, createClient, createHealthClient } from './client/client.ts'
export { readinessCheckOf } from './client/readiness-check.ts'
export type { Health } from './health/health.ts'
export { HealthService, ServingStatus } from './health/health-service.ts'
export type { ReadinessCheck, ReadinessChecks, ReadinessPolling } from './health/readiness-checks.ts'
export { ServerReflectionService } from './reflection/reflection-service.ts'
export type { ServerInterceptor } from './server/handler-pipeline.ts'
export { addressOf, listenError } from './server/listen.ts'
export { type RpcServer, type ServerOptions, startServer } from './server/server.ts'
export { checkTlsFiles, type TlsFiles } from './tls/tls-files.ts'
