import { loadDescriptors } from '@books/proto'
import { createClient, RpcError, ServerReflectionService, type ServiceDefinition, Status } from '@books/rpc'
import { create, createFileRegistry, type DescMethod, fromBinary, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { extremeMessagesOf, type Message } from './extreme-values.ts'

/** How a server answered. */
export interface ExtremeAnswers {
  /** The number of calls of each method, by its path. */
  calls: Map<string, number>
  /** Calls that were answered with a status that tells of a fault of the server. */
  faults: { method: string; request: string; code: string; message: string }[]
}

const faulty: readonly Status[] = [Status.UNKNOWN, Status.INTERNAL, Status.DATA_LOSS]
const inFlight = 16
const randomMessages = 40
const deadlineMs = 60_000
// A stream that has nothing to send stays open.
const streamMs = 5_000

/**
 * Calls every method of every service of a server, which its reflection names, with values at the limits of what the type of each
 * field can hold. The contracts are those of `protobufs/`.
 */
export async function callWithExtremeValues(address: string): Promise<ExtremeAnswers> {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, loadDescriptors()))
  const answers: ExtremeAnswers = { calls: new Map(), faults: [] }
  const methods = (await listServices(address)).flatMap((name) => registry.getService(name)?.methods ?? [])

  for (const method of methods) {
    const path = `/${method.parent.typeName}/${method.name}`
    using client = createClient(definitionOf(method, path), { address, descriptors: new Uint8Array(), deadlineMs })
    const messages = extremeMessagesOf(method.input, 0, { random: randomMessages, chance: createChance() })
    let count = 0
    const work = async () => {
      for (const message of messages) {
        count++
        const error = await call(client, method, message)
        if (!error || !isFault(error, method)) continue
        const request = JSON.stringify(message, replacer).slice(0, 500)
        answers.faults.push({ method: path, request, code: Status[error.code] ?? '', message: error.message })
      }
    }
    await Promise.all(Array.from({ length: inFlight }, work))
    answers.calls.set(path, count)
  }
  return answers
}

async function listServices(address: string): Promise<string[]> {
  using reflection = createClient(ServerReflectionService, { address, descriptors: new Uint8Array(), deadlineMs })
  const ask = async function* () {
    yield { listServices: '' }
  }
  for await (const { listServicesResponse } of reflection.serverReflectionInfo(ask())) {
    return listServicesResponse?.service.map(({ name }) => name) ?? []
  }
  return []
}

interface Raw {
  bytes: Uint8Array
}
interface RawClient {
  call(request: Raw | AsyncIterable<Raw>, options?: { deadlineMs: number }): Promise<Raw> | AsyncIterable<Raw>
}

/** A service of one method, `call`, whose messages are not parsed. */
function definitionOf({ methodKind }: DescMethod, path: string) {
  const serialize = ({ bytes }: Raw) => Buffer.from(bytes)
  const deserialize = (bytes: Buffer): Raw => ({ bytes })
  const call = {
    path,
    requestStream: methodKind === 'client_streaming' || methodKind === 'bidi_streaming',
    responseStream: streamsAnswers(methodKind),
    ...{ requestSerialize: serialize, requestDeserialize: deserialize },
    ...{ responseSerialize: serialize, responseDeserialize: deserialize },
  }
  return { call } satisfies ServiceDefinition
}

function streamsAnswers(methodKind: DescMethod['methodKind']): boolean {
  return methodKind === 'server_streaming' || methodKind === 'bidi_streaming'
}

/** Makes a call, and ends it at the first message of a stream. A stream of requests has the message twice. */
async function call(
  client: object,
  { input, methodKind }: DescMethod,
  message: Message,
): Promise<RpcError | undefined> {
  const raw = client as RawClient
  const request = { bytes: toBinary(input, create(input, message as never)) }
  const twice = async function* () {
    yield request
    yield request
  }
  try {
    if (methodKind === 'unary') await raw.call(request)
    else if (methodKind === 'client_streaming') await raw.call(twice())
    else {
      const requests = methodKind === 'server_streaming' ? request : twice()
      for await (const _ of raw.call(requests, { deadlineMs: streamMs }) as AsyncIterable<Raw>) break
    }
    return undefined
  } catch (error) {
    if (error instanceof RpcError) return error
    throw error
  }
}

function isFault({ code }: RpcError, { methodKind }: DescMethod): boolean {
  return faulty.includes(code) || (code === Status.DEADLINE_EXCEEDED && !streamsAnswers(methodKind))
}

/** A generator of numbers in [0, 1), the same ones each time (mulberry32). */
function createChance(): () => number {
  let state = 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function replacer(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
