import type { Log } from '@books/runtime'
import type { ModelStore } from '../model/model-store.ts'
import type { InteractionStore } from '../readers/interaction-store.ts'
import { SnapshotError } from './flat-file.ts'
import { readSnapshot, type SnapshotPosition, type StoredSnapshot } from './snapshot-file.ts'

/** What finding a snapshot needs. */
export interface FindSnapshotDeps {
  models: Pick<ModelStore, 'findSnapshot'>
  store: Pick<InteractionStore, 'findLast'>
  era: number
  log: Log
}

/** The stored snapshot; undefined where there is none, or none that fits the database, which is logged. */
export async function findSnapshot({ models, store, era, log }: FindSnapshotDeps): Promise<StoredSnapshot | undefined> {
  const found = await models.findSnapshot()
  if (!found) return undefined
  try {
    const stored = await readSnapshot(found.pieces, found.size)
    await requireSame(stored.position)
    return stored
  } catch (err) {
    if (!(err instanceof SnapshotError)) throw err
    log.error({ snapshot: found.name, reason: err.message }, 'the snapshot is refused, and made anew')
    return undefined
  }

  async function requireSame(position: SnapshotPosition): Promise<void> {
    if (position.era !== era) throw new SnapshotError('it is older than the last import')
    const last = await store.findLast(position.place)
    if (last?.place !== position.last?.place || last?.id !== position.last?.id) {
      throw new SnapshotError('it belongs to another database')
    }
  }
}
