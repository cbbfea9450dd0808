import type { ChannelOptions } from '@grpc/grpc-js'

const maxMessageBytes = 4 * 1024 * 1024

/** Options of grpc-js for both sides: a message of more than 4 MiB, before compression, ends its call with RESOURCE_EXHAUSTED. */
export const grpcOptions: ChannelOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
  // Statistics for a service that no server here has; they cost each call several closures.
  'grpc.enable_channelz': 0,
}
