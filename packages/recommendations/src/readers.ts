import { type Interaction, type Verdict, verdictOf } from './taste.ts'

/** What is known of a reader's taste. */
export interface Profile {
  /** Ids of the books that the reader likes, newest first. */
  history: readonly number[]
  /** Ids of the books that the reader dislikes. */
  disliked: ReadonlySet<number>
}

/** A book that a reader likes, and since when. */
export interface Liking {
  readerId: number
  bookId: number
  time: Date
}

/** Every reader's taste, in memory. */
export interface Readers {
  /** Takes in an interaction. The newest of a reader with a book decides; of two at the same time, the later one told. */
  add(interaction: Interaction): void
  /** The taste of a reader; empty for one that nobody knows. */
  profileOf(readerId: number): Profile
  /** Every book that a reader likes, reader by reader, in no order within one. */
  listLikings(): Iterable<Liking>
  readonly count: number
}

interface Opinion {
  verdict: Verdict
  time: Date
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
    },
    profileOf(readerId) {
      const reader = readers.get(readerId)
      if (!reader) return nobody
      reader.profile ??= profileFrom(reader.opinions)
      return reader.profile
    },
    *listLikings() {
      for (const [readerId, { opinions }] of readers) {
        for (const [bookId, { verdict, time }] of opinions) if (verdict === 'likes') yield { readerId, bookId, time }
      }
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
