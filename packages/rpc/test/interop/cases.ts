import { cancelAfterBegin, cancelAfterFirstResponse, timeoutOnSleepingServer } from './cases/cancellation.ts'
import { customMetadata } from './cases/metadata.ts'
import { specialStatusMessage, statusCodeAndMessage } from './cases/statuses.ts'
import { clientStreaming, emptyStream, pingPong, serverStreaming } from './cases/streams.ts'
import { concurrentLargeUnary, emptyUnary, largeUnary } from './cases/unary.ts'
import { unimplementedMethod, unimplementedService } from './cases/unimplemented.ts'
import type { InteropCase } from './interop-case.ts'

/** The cases of grpc's interoperability tests that this package can run, by the names that grpc gave them. */
export const interopCases: Record<string, InteropCase> = {
  empty_unary: emptyUnary,
  large_unary: largeUnary,
  client_streaming: clientStreaming,
  server_streaming: serverStreaming,
  ping_pong: pingPong,
  empty_stream: emptyStream,
  custom_metadata: customMetadata,
  status_code_and_message: statusCodeAndMessage,
  special_status_message: specialStatusMessage,
  unimplemented_method: unimplementedMethod,
  unimplemented_service: unimplementedService,
  cancel_after_begin: cancelAfterBegin,
  cancel_after_first_response: cancelAfterFirstResponse,
  timeout_on_sleeping_server: timeoutOnSleepingServer,
  concurrent_large_unary: concurrentLargeUnary,
}
