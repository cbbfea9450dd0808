import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { lockFile } from '@books/runtime'
import { shareBytes } from '../shared-arrays.ts'
import type { ModelStore } from './model-store.ts'

// A start replays what came since, which takes a second for some hundred thousand interactions.
const snapshotEveryMs = 5 * 60 * 1000
const pieceBytes = 2 ** 20

/** Stores one model in a file, and the snapshot in another beside it. */
export function createModelFile(path: string): ModelStore {
  const snapshotPath = `${path}.snapshot`

  async function findNewest() {
    const found = await orMissing(stat(path))
    return found && nameOf(path, found)
  }

  return {
    snapshotEveryMs,

    async *listModels() {
      const name = await findNewest()
      const bytes = name && (await orMissing(readFile(path)))
      if (bytes) yield { name, bytes: shareBytes(bytes) }
    },

    findNewest,

    async findSnapshot() {
      const found = await orMissing(stat(snapshotPath))
      return found && { name: nameOf(snapshotPath, found), size: found.size, pieces: readPieces(snapshotPath) }
    },

    async acquireLease() {
      await mkdir(dirname(path), { recursive: true })
      const unlock = lockFile(`${path}.lock`)
      return (
        unlock && {
          async save(bytes) {
            await replaceFile(path, [bytes])
            return (await findNewest()) ?? path
          },
          saveSnapshot: (pieces) => replaceFile(snapshotPath, pieces),
          release: async () => unlock(),
        }
      )
    },
  }
}

function nameOf(path: string, { mtime }: { mtime: Date }): string {
  return `${path} of ${mtime.toISOString()}`
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path)
  const piece = Buffer.alloc(pieceBytes)
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes)
    if (bytesRead === 0) return
    yield piece.subarray(0, bytesRead)
  }
}

/** Replaces a file: a reader sees the old one or the new one, never a part, also after a power cut. */
async function replaceFile(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  {
    await using file = await open(`${path}.new`, 'w')
    for (const piece of pieces) await file.writeFile(piece)
    await file.sync()
  }
  await rename(`${path}.new`, path)
  await using folder = await open(dirname(path))
  await folder.sync()
}

async function orMissing<Found>(found: Promise<Found>): Promise<Found | undefined> {
  return found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}
