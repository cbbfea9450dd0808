import type { WatchDeletedReadersResponse } from '@books/proto'
import { createWatch } from '@books/service/watch'
import type { AccountsDeps } from './deps.ts'

/** Tells the services that keep something of readers whose accounts were deleted. */
export function createWatchDeletedReaders({ stores: { deletedReaders }, deletions }: AccountsDeps) {
  return createWatch({
    ...deletedReaders,
    changes: deletions,
    toResponse: (rows, revision, isCurrent): WatchDeletedReadersResponse => ({
      readerIds: rows.map(({ reader_id }) => reader_id),
      revision,
      isCurrent,
    }),
  })
}
