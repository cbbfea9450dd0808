import { type Interaction, type Preference, preferenceOf } from './interaction.ts'

/** The preferences of one reader. */
export interface Profile {
  /** Ids of the books that the reader likes, newest first. */
  history: readonly number[]
  /** Ids of the books that the reader dislikes. */
  disliked: ReadonlySet<number>
}

/** A reader's preference for a book, and since when. */
export interface TimedPreference {
  preference: Preference
  time: Date
}

/** The preferences of every reader, in memory. */
export interface Readers {
  /** Adds an interaction. The newest of a reader with a book decides; of two at the same time, the one added later. */
  add(interaction: Interaction): void
  /** The preferences of a reader; empty for one without interactions. */
  profileOf(readerId: number): Profile
  /** The preferences of each reader by the ids of books, in no order. */
  listPreferences(): Iterable<ReadonlyMap<number, TimedPreference>>
  /** When the newest of all interactions happened, in milliseconds since 1970. */
  readonly newest: number
  readonly count: number
}

interface Reader {
  preferences: Map<number, TimedPreference>
  /** Made when it is first needed, and dropped when a preference changes. */
  profile: Profile | undefined
}

const emptyProfile: Profile = { history: [], disliked: new Set() }

/** Creates an empty collection of readers. */
export function createReaders(): Readers {
  const readers = new Map<number, Reader>()
  let newest = Number.NEGATIVE_INFINITY

  return {
    add(interaction) {
      const { readerId, bookId, time } = interaction
      const preference = preferenceOf(interaction)
      if (!preference) return

      const reader = readers.get(readerId) ?? { preferences: new Map(), profile: undefined }
      const before = reader.preferences.get(bookId)
      if (before && before.time > time) return
      reader.preferences.set(bookId, { preference, time })
      reader.profile = undefined
      readers.set(readerId, reader)
      newest = Math.max(newest, time.getTime())
    },
    profileOf(readerId) {
      const reader = readers.get(readerId)
      if (!reader) return emptyProfile
      reader.profile ??= profileFrom(reader.preferences)
      return reader.profile
    },
    *listPreferences() {
      for (const { preferences } of readers.values()) yield preferences
    },
    get newest() {
      return newest
    },
    get count() {
      return readers.size
    },
  }
}

function profileFrom(preferences: ReadonlyMap<number, TimedPreference>): Profile {
  const all = [...preferences]
  const newestFirst = all.toSorted(([, one], [, other]) => other.time.getTime() - one.time.getTime())
  return {
    history: newestFirst.filter(([, { preference }]) => preference === 'likes').map(([bookId]) => bookId),
    disliked: new Set(all.filter(([, { preference }]) => preference === 'dislikes').map(([bookId]) => bookId)),
  }
}
