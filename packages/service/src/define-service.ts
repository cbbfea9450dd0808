import type { ReadinessChecks, ServerInterceptor, Service } from '@books/rpc'
import type { Log } from '@books/runtime'
import type { Kysely } from 'kysely'
import type { Static, TObject, TProperties } from 'typebox'
import type { ClientsOf, Dependency, HttpDependency } from './dependency.ts'
import type { Deployment } from './deployment.ts'

/** The folder of a service's migrations, which also knows the type of the tables that they make. */
export interface Migrations<Tables> extends URL {
  readonly tables?: Tables
}

/** Declares the folder of a service's migrations, one file for each step, and the type of its tables. */
export function migrations<Tables>(folder: URL): Migrations<Tables> {
  return folder
}

type Dependencies = Readonly<Record<string, Dependency | HttpDependency>>

/** What a service is started with. */
export interface ServiceContext<Settings extends TProperties, Needed extends Dependencies, Tables> {
  /** Its own settings. */
  settings: Static<TObject<Settings>> & { readonly HOST: string; readonly PORT: number }
  /** Its tables, at the newest step of its migrations and seeded; not there without migrations. */
  tables: Kysely<Tables>
  /** Whether other processes may use the same tables at the same time. */
  isDatabaseShared: boolean
  /** The folder of the process's embedded database, for files beside it; undefined on a server and in memory. */
  dataFolder: string | undefined
  /** A client of each dependency. They are closed by themselves. */
  clients: ClientsOf<Needed>
  log: Log
  /** Aborts when the service begins to stop, before its running calls have ended. */
  signal: AbortSignal
  /** Disposed of once its calls have ended, or when its start fails; the last that was added comes first. */
  cleanup: AsyncDisposableStack
}

interface Description<Settings extends TProperties, Needed extends Dependencies, Tables> {
  /** The name of its folder, image, host, database schema and certificate. */
  name: string
  /** The port that it listens on unless PORT says otherwise. */
  port: number
  /** Its own settings, each property one environment variable; those that every service has come by themselves. */
  settings?: Settings
  /** Without them it has no database. */
  migrations?: Migrations<Tables>
  /** Fills tables that are empty. Several processes may do so at the same time. */
  seed?(tables: Kysely<Tables>): Promise<unknown>
  /** The services that it calls, by their names. */
  dependencies?: Needed
  /**
   * The services that may call it, by the names in their certificates. Checked where callers must have one (TLS_CA); without this
   * list any certificate will do.
   */
  callers?: readonly string[]
  /** Methods that only some of the callers may call, by the method's name in the contract: `{ ListSubscribers: ['transactions'] }`. */
  methodCallers?: Readonly<Record<string, readonly string[]>>
  /** How its deployment differs from that of others. */
  deployment?: Deployment
}

/** What the start of a gRPC service results in. */
export interface Served {
  services: readonly Service[]
  interceptors?: readonly ServerInterceptor[]
  /** In addition to those of the database and the required dependencies. */
  readinessChecks?: ReadinessChecks
}

/** Where a web service listens. */
export interface Listening {
  port: number
  /** Takes no new requests, and resolves when the running ones have ended. */
  stop(): Promise<void>
}

interface Defined<Settings extends TProperties, Needed extends Dependencies, Tables>
  extends Description<Settings, Needed, Tables> {
  settings: Settings
  dependencies: Needed
  deployment: Deployment
}

/** A service that speaks gRPC. */
export interface GrpcService<Settings extends TProperties, Needed extends Dependencies, Tables>
  extends Defined<Settings, Needed, Tables> {
  protocol: 'grpc'
  start(context: ServiceContext<Settings, Needed, Tables>): Promise<Served>
}

/** A service that speaks HTTP. */
export interface WebService<Settings extends TProperties, Needed extends Dependencies, Tables>
  extends Defined<Settings, Needed, Tables> {
  protocol: 'http'
  start(context: ServiceContext<Settings, Needed, Tables>): Promise<Listening>
}

/** A service of any settings, dependencies and tables. */
export type AnyService = Defined<TProperties, Dependencies, unknown> &
  (
    | { protocol: 'grpc'; start(context: never): Promise<Served> }
    | { protocol: 'http'; start(context: never): Promise<Listening> }
  )

/** Says what a gRPC service is: all that it takes to run it, alone or with others in one process, and to deploy it. */
export function defineService<
  const Settings extends TProperties = TProperties,
  const Needed extends Dependencies = Dependencies,
  Tables = unknown,
>(
  description: Description<Settings, Needed, Tables> & Pick<GrpcService<Settings, Needed, Tables>, 'start'>,
): GrpcService<Settings, Needed, Tables> {
  return { protocol: 'grpc', ...withDefaults(description) }
}

/** The same for a service that speaks HTTP, whose `start` listens by itself. */
export function defineWebService<
  const Settings extends TProperties = TProperties,
  const Needed extends Dependencies = Dependencies,
  Tables = unknown,
>(
  description: Description<Settings, Needed, Tables> & Pick<WebService<Settings, Needed, Tables>, 'start'>,
): WebService<Settings, Needed, Tables> {
  return { protocol: 'http', ...withDefaults(description) }
}

function withDefaults<Settings extends TProperties, Needed extends Dependencies, Tables, More>(
  description: Description<Settings, Needed, Tables> & More,
) {
  const nothing = { settings: {} as Settings, dependencies: {} as Needed, deployment: {} }
  return { ...nothing, ...description }
}
