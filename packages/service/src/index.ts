export {
  type AnyService,
  defineService,
  defineWebService,
  type GrpcService,
  type Migrations,
  migrations,
  type ServiceContext,
  type WebService,
} from './define-service.ts'
export {
  type ClientsOf,
  createClients,
  type Dependency,
  dependency,
  type HttpDependency,
  type HttpEndpoint,
  httpDependency,
  prefixOf,
} from './dependency.ts'
export type { Deployment, Job, Range } from './deployment.ts'
export { openServiceDatabase } from './open-service-database.ts'
export { openTables } from './open-tables.ts'
export { reachableHostOf } from './reachable-host.ts'
export { readServiceSettings, type ServiceSettings, settingsSchemaOf, stopWithinMsOf } from './service-settings.ts'
export { type RunningService, startService } from './start-service.ts'
export { warnOfUnknownVariables } from './unknown-variables.ts'
