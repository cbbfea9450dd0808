import * as contracts from '@books/proto'
import { createClient, RpcError, ServerReflectionService, type ServiceDefinition, Status } from '@books/rpc'
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt'

const deadlineMs = 5_000
// Without descriptors no call is retried, so that a failure is not hidden.
const descriptors = new Uint8Array()

/** Answers to an empty request of a service that works. */
const goodAnswers: readonly number[] = [
  Status.INVALID_ARGUMENT,
  Status.NOT_FOUND,
  Status.UNAUTHENTICATED,
  Status.PERMISSION_DENIED,
  Status.FAILED_PRECONDITION,
]

type Method = (request: object) => Promise<unknown>

/** Calls of every method without side effects of a server on this machine, in turn, each with an empty request. */
export async function openReadOnlyCalls(port: number): Promise<{ call(): Promise<void>; close(): void }> {
  const address = `127.0.0.1:${port}`
  const names = await listServices(address)
  const clients = listContracts()
    .filter(({ name }) => names.includes(name))
    .map(({ name, definition }) => ({ name, client: createClient(definition, { address, descriptors, deadlineMs }) }))
  const methods = clients.flatMap(({ name, client }) =>
    listReadOnlyMethods(name).map((method) => Reflect.get(client, method) as Method),
  )
  if (methods.length === 0) throw new Error(`no method without side effects: the server has ${names.join(', ')}`)

  let next = 0
  return {
    async call() {
      const method = methods[next++ % methods.length]
      try {
        await method?.({})
      } catch (error) {
        if (!(error instanceof RpcError && goodAnswers.includes(error.code))) throw error
      }
    },
    close() {
      for (const { client } of clients) client.close()
    },
  }
}

/** The services that a server says it has. */
async function listServices(address: string): Promise<string[]> {
  const reflection = createClient(ServerReflectionService, { address, descriptors, deadlineMs })
  async function* ask() {
    yield { listServices: '' }
  }
  try {
    for await (const { listServicesResponse } of reflection.serverReflectionInfo(ask()))
      return (listServicesResponse?.service ?? []).map(({ name }) => name)
    return []
  } finally {
    reflection.close()
  }
}

/** Every contract, by the name of its service. */
function listContracts(): { name: string; definition: ServiceDefinition }[] {
  return Object.values(contracts).flatMap((value: unknown) => {
    const [method] = Object.values(value ?? {}) as { path?: unknown }[]
    if (typeof method?.path !== 'string') return []
    return [{ name: method.path.split('/')[1] ?? '', definition: value as ServiceDefinition }]
  })
}

/** The unary methods of a service that say `NO_SIDE_EFFECTS`, as its client names them. */
function listReadOnlyMethods(service: string): string[] {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, contracts.loadDescriptors()))
  return (registry.getService(service)?.methods ?? [])
    .filter(
      ({ methodKind, idempotency }) =>
        methodKind === 'unary' && idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
    )
    .map(({ localName }) => localName)
}
