import { Status } from '../../../src/index.ts'
import { TestServiceService, UnimplementedServiceService } from '../../gen/grpc/testing/test.ts'
import type { Connect } from '../interop-case.ts'
import { failsWith } from './fails-with.ts'

/** A method that the server's service does not have. */
export async function unimplementedMethod(connect: Connect): Promise<void> {
  await failsWith({ code: Status.UNIMPLEMENTED }, connect(TestServiceService).unimplementedCall({}))
}

/** A service that the server does not have. */
export async function unimplementedService(connect: Connect): Promise<void> {
  await failsWith({ code: Status.UNIMPLEMENTED }, connect(UnimplementedServiceService).unimplementedCall({}))
}
