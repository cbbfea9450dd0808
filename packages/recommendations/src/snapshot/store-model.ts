import type { State } from '../load-state.ts'
import { createSnapshot } from '../model/create-snapshot.ts'
import type { Lease } from '../model/model-store.ts'
import { shareBytes } from '../shared-arrays.ts'
import { writeSnapshot } from './snapshot-file.ts'

/** Stores a model as the newest, with a snapshot of it from which a service starts. Resolves to the model's name. */
export async function storeModel(
  { first, readers, capture }: Pick<State, 'first' | 'readers' | 'capture'>,
  bytes: Uint8Array,
  lease: Lease,
): Promise<string> {
  const { bookIndex, revision } = first
  const name = await lease.save(bytes)
  const stored = { name, bytes: shareBytes(bytes) }
  const snapshot = await createSnapshot({ bookIndex, revision, rows: await readers.pack(), stored })
  await lease.saveSnapshot(writeSnapshot(await capture(snapshot)))
  return name
}
