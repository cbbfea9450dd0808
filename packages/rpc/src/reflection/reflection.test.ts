import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { serve, streamOf } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { ServerReflectionRequest, type ServerReflectionResponse } from '../gen/grpc/reflection/v1/reflection.ts'
import { LibraryService, libraryDescriptors } from './library.fixture.ts'
import { ServerReflectionService, ServerReflectionServiceAlpha } from './reflection-service.ts'

const run = promisify(execFile)
const everyService = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
  'test.library.Library',
]
const libraryFiles = [
  'library.proto',
  'book.proto',
  'google/protobuf/any.proto',
  'google/protobuf/struct.proto',
  'google/protobuf/timestamp.proto',
  'google/protobuf/wrappers.proto',
]

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('buf curl without a schema', () => {
  it('lists every service', async () => {
    const { port } = await startLibrary()

    expect(await bufCurl('--list-services', `http://localhost:${port}`)).toEqual(everyService)
  })

  it('describes every service, also those whose files import others', async () => {
    const { port } = await startLibrary()

    expect(await bufCurl('--list-methods', `http://localhost:${port}`)).toEqual([
      'grpc.health.v1.Health/Check',
      'grpc.health.v1.Health/Watch',
      'grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
      'test.library.Library/FindBook',
      'test.library.Library/ListLoans',
    ])
  })

  it.each([
    ['grpc.health.v1.Health/Check', '{"service": "test.library.Library"}', '{"status":"SERVING"}'],
    ['test.library.Library/FindBook', '{"id": 6}', '{"id":6,"title":"Dune","binding":"HARDCOVER"}'],
    ['test.library.Library/ListLoans', '{}', '{"until":"1970-01-01T00:00:01Z"}{"remark":"late"}'],
  ])('calls %s', async (method, data, answers) => {
    const { port } = await startLibrary()

    const lines = await bufCurl('--data', data, `http://localhost:${port}/${method}`)

    expect(lines.join('').replaceAll(' ', '')).toBe(answers)
  })
})

describe.each([
  ['v1', ServerReflectionService],
  ['v1alpha', ServerReflectionServiceAlpha],
])('reflection %s', (_, definition) => {
  it('lists the services that are served, and no others', async () => {
    const { ask } = await start()

    const [answer] = await ask({ listServices: '' })

    expect(answer?.listServicesResponse).toEqual({ service: everyService.map((name) => ({ name })) })
  })

  it.each([
    ['the file of a name', { fileByFilename: 'library.proto' }, libraryFiles],
    ['the file of a service', { fileContainingSymbol: 'test.library.Library' }, libraryFiles],
    ['the file of a service that is not served', { fileContainingSymbol: 'test.library.Unserved' }, libraryFiles],
    ['the file of a method', { fileContainingSymbol: 'test.library.Library.ListLoans' }, libraryFiles],
    ['the file of a message', { fileContainingSymbol: 'test.library.Book' }, ['book.proto']],
    ['the file of a message in another', { fileContainingSymbol: 'test.library.Reader.Address' }, libraryFiles],
    ['the file of an enum', { fileContainingSymbol: 'test.library.Book.Binding' }, ['book.proto']],
    ['the file of a field', { fileContainingSymbol: 'test.library.Book.title' }, ['book.proto']],
    ['the file of a field in another', { fileContainingSymbol: 'test.library.Reader.Address.street' }, libraryFiles],
    ['the file of a oneof', { fileContainingSymbol: 'google.protobuf.Value.kind' }, ['google/protobuf/struct.proto']],
    // As in C++, where protobuf's scopes come from.
    ['the file of a value of an enum', { fileContainingSymbol: 'test.library.Book.HARDCOVER' }, ['book.proto']],
    [
      'the file of a value of an enum outside of messages',
      { fileContainingSymbol: 'google.protobuf.NULL_VALUE' },
      ['google/protobuf/struct.proto'],
    ],
    ['the file of an extension', { fileContainingSymbol: 'test.library.copies' }, ['shelf-mark.proto', 'book.proto']],
    [
      'the file that extends a message',
      { fileContainingExtension: { containingType: 'test.library.Book', extensionNumber: 100 } },
      ['shelf-mark.proto', 'book.proto'],
    ],
    ['an imported file', { fileByFilename: 'google/protobuf/any.proto' }, ['google/protobuf/any.proto']],
    ['its own contract', { fileContainingSymbol: 'grpc.health.v1.Health' }, ['grpc/health/v1/health.proto']],
  ])('returns %s, and each file that it imports once', async (_what, request, files) => {
    const { ask } = await start()

    const [answer] = await ask(request)

    expect(filesOf(answer)).toEqual(files)
  })

  it('returns the numbers of the extensions of a message', async () => {
    const { ask } = await start()

    const answers = await ask(
      { allExtensionNumbersOfType: 'test.library.Book' },
      { allExtensionNumbersOfType: 'test.library.Loan' },
    )

    expect(answers.map((answer) => answer.allExtensionNumbersResponse)).toEqual([
      { baseTypeName: 'test.library.Book', extensionNumber: [100, 101] },
      { baseTypeName: 'test.library.Loan', extensionNumber: [] },
    ])
  })

  it('reports a request that fails, and continues', async () => {
    const { ask } = await start()

    const answers = await ask(
      { fileByFilename: 'absent.proto' },
      { fileContainingSymbol: 'test.library.Absent' },
      { fileContainingSymbol: 'test.library.Library.Absent' },
      { fileContainingSymbol: 'test.library.Book.Binding.HARDCOVER' },
      { fileContainingSymbol: '' },
      { fileContainingExtension: { containingType: 'test.library.Book', extensionNumber: 102 } },
      { fileContainingExtension: { containingType: 'test.library.Absent', extensionNumber: 100 } },
      { allExtensionNumbersOfType: 'test.library.Absent' },
      {},
      { fileByFilename: 'book.proto' },
    )

    expect(answers.map((answer) => answer.errorResponse?.errorCode)).toEqual([
      ...Array(8).fill(Status.NOT_FOUND),
      Status.INVALID_ARGUMENT,
      undefined,
    ])
    expect(answers[0]?.errorResponse?.errorMessage).toBe('The server has no absent.proto')
    expect(filesOf(answers.at(-1))).toEqual(['book.proto'])
  })

  it('repeats the request and the host', async () => {
    const { ask } = await start()

    const [answer] = await ask({ host: 'books', fileByFilename: 'book.proto' })

    expect(answer).toMatchObject({ validHost: 'books', originalRequest: { fileByFilename: 'book.proto' } })
  })

  async function start() {
    const server = await startLibrary()
    const client = server.client(definition as typeof ServerReflectionService)
    const ask = (...requests: Partial<ServerReflectionRequest>[]) =>
      Array.fromAsync(
        client.serverReflectionInfo(
          streamOf(...requests.map((request) => ServerReflectionRequest.fromPartial(request))),
        ),
      )
    return { ask }
  }
})

describe('a server without descriptors', () => {
  it('has no reflection', async () => {
    const server = await serve([])
    opened.defer(server.stop)

    const answers = Array.fromAsync(server.client(ServerReflectionService).serverReflectionInfo(streamOf({ host: '' })))

    await expect(answers).rejects.toMatchObject({ code: Status.UNIMPLEMENTED })
  })
})

async function startLibrary() {
  const library = service(LibraryService, {
    findBook: async (request) => ({ ...(request as { id: number }), title: 'Dune', binding: 1 }),
    async *listLoans() {
      yield { until: { seconds: 1n, nanos: 0 } }
      yield { remark: 'late' }
    },
  })
  const server = await serve([library], { descriptors: libraryDescriptors })
  opened.defer(server.stop)
  return server
}

async function bufCurl(...args: string[]): Promise<string[]> {
  const { stdout } = await run('buf', ['curl', '--http2-prior-knowledge', '--protocol', 'grpc', ...args])
  return stdout.trim().split('\n')
}

/** The names of the files in an answer, in its order. */
function filesOf(answer: ServerReflectionResponse | undefined): string[] | undefined {
  const files = answer?.fileDescriptorResponse?.fileDescriptorProto
  return files?.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)
}
