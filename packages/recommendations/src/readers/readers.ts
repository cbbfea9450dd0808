import { type Interaction, type Verdict, verdictOf } from './interaction.ts'

/** What is known of a reader's taste. */
export interface Profile {
  /** Ids of the books that the reader likes, newest first. */
  history: readonly number[]
  /** Ids of the books that the reader dislikes. */
  disliked: ReadonlySet<number>
}

/** What a reader thinks of a book, and since when. */
export interface Opinion {
  verdict: Verdict
  time: Date
}

/** Every reader's taste, in memory. */
export interface Readers {
  /** Takes in an interaction. The newest of a reader with a book decides; of two at the same time, the later one told. */
  add(interaction: Interaction): void
  /** The taste of a reader; empty for one that nobody knows. */
  profileOf(readerId: number): Profile
  /** What each reader thinks of books, by their ids, in no order. */
  listOpinions(): Iterable<ReadonlyMap<number, Opinion>>
  /** When the newest of all interactions happened, in milliseconds since 1970. */
  readonly newest: number
  readonly count: number
}

interface Reader {
  opinions: Map<number, Opinion>
  /** Made when somebody asks, and dropped when an opinion changes. */
  profile: Profile | undefined
}

const nobody: Profile = { history: [], disliked: new Set() }

/** Readers who did nothing yet. */
export function createReaders(): Readers {
  const readers = new Map<number, Reader>()
  let newest = Number.NEGATIVE_INFINITY

  return {
    add(interaction) {
      const { readerId, bookId, time } = interaction
      const verdict = verdictOf(interaction)
      if (!verdict) return

      const reader = readers.get(readerId) ?? { opinions: new Map(), profile: undefined }
      const before = reader.opinions.get(bookId)
      if (before && before.time > time) return
      reader.opinions.set(bookId, { verdict, time })
      reader.profile = undefined
      readers.set(readerId, reader)
      newest = Math.max(newest, time.getTime())
    },
    profileOf(readerId) {
      const reader = readers.get(readerId)
      if (!reader) return nobody
      reader.profile ??= profileFrom(reader.opinions)
      return reader.profile
    },
    *listOpinions() {
      for (const { opinions } of readers.values()) yield opinions
    },
    get newest() {
      return newest
    },
    get count() {
      return readers.size
    },
  }
}

function profileFrom(opinions: ReadonlyMap<number, Opinion>): Profile {
  const all = [...opinions]
  const newestFirst = all.toSorted(([, one], [, other]) => other.time.getTime() - one.time.getTime())
  return {
    history: newestFirst.filter(([, { verdict }]) => verdict === 'likes').map(([bookId]) => bookId),
    disliked: new Set(all.filter(([, { verdict }]) => verdict === 'dislikes').map(([bookId]) => bookId)),
  }
}
