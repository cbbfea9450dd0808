/** A model as it is stored. */
export interface StoredModel {
  /** Names the version and where it is stored. */
  name: string
  bytes: Uint8Array
}

/** A stored file that is read piece by piece; a piece is valid until the next is asked for. */
export interface StoredPieces {
  /** Names the version and where it is stored. */
  name: string
  size: number
  pieces: AsyncIterable<Uint8Array>
}

/** Stores trained models, and beside them the snapshot from which a process starts. */
export interface ModelStore {
  /** How often a process stores a snapshot besides after each training; undefined for never. */
  readonly snapshotEveryMs: number | undefined
  /** The stored models, newest first. */
  listModels(): AsyncIterable<StoredModel>
  /** The name of the newest one. */
  findNewest(): Promise<string | undefined>
  /** The newest snapshot. */
  findSnapshot(): Promise<StoredPieces | undefined>
  /** The lease on training models for this store; undefined while another process holds it. */
  acquireLease(): Promise<Lease | undefined>
}

/** The exclusive right to train models for one store. */
export interface Lease {
  /** Stores a model as the newest, all of it or nothing, and resolves to its name. Rejects where the lease was lost. */
  save(bytes: Uint8Array): Promise<string>
  /** Stores a snapshot in place of the one before, all of it or nothing. Rejects where the lease was lost. */
  saveSnapshot(pieces: Iterable<Uint8Array>): Promise<void>
  release(): Promise<void>
}

/** Keeps the newest model as long as the process runs, for a database in memory. */
export function createModelInMemory(): ModelStore {
  let newest: StoredModel | undefined
  let version = 0
  let isLeased = false

  return {
    snapshotEveryMs: undefined,
    async *listModels() {
      if (newest) yield newest
    },
    findNewest: async () => newest?.name,
    findSnapshot: async () => undefined,
    async acquireLease() {
      if (isLeased) return undefined
      isLeased = true
      return {
        async save(bytes) {
          newest = { name: `model ${++version} in memory`, bytes }
          return newest.name
        },
        async saveSnapshot() {},
        async release() {
          isLeased = false
        },
      }
    },
  }
}
