import type { FastifyInstance } from 'fastify'
import { useCaching } from './caching.ts'
import { useCompression } from './compression.ts'

/** Sends the answers of every route that is registered after this as they are best kept and carried. */
export async function useDelivery(app: FastifyInstance): Promise<void> {
  useCaching(app)
  await useCompression(app)
}
