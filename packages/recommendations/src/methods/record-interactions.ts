import { InteractionKind, type Interaction as InteractionMessage, type RecordInteractionsResponse } from '@books/proto'
import type { Recommender } from '../model/recommender.ts'
import type { Interaction, Kind } from '../readers/interaction.ts'
import type { InteractionStore } from '../readers/interaction-store.ts'
import type { Readers } from '../readers/readers.ts'
import { batchesOf } from './batches.ts'
import { iterateCooperatively } from './cooperative-iteration.ts'

/** What recording needs. */
export interface RecordInteractionsDeps {
  recommender: Pick<Recommender, 'has'>
  readers: Readers
  store: InteractionStore
  /** Called with new interactions once they are recorded. */
  onRecorded: (interactions: readonly Interaction[]) => void
  now: () => Date
}

const batchSize = 500
const maxRefusals = 100
// An answer with whole ids could have hundreds of megabytes.
const longestEcho = 1_000

/**
 * Records a stream of interactions in batches, each before the next is read, so that flow control slows down a caller that
 * is faster than the database. New interactions count in the reader's next answer.
 */
export function createRecordInteractions({ recommender, readers, store, onRecorded, now }: RecordInteractionsDeps) {
  return async (stream: AsyncIterable<InteractionMessage>): Promise<RecordInteractionsResponse> => {
    const answer: RecordInteractionsResponse = { taken: 0, known: 0, refused: 0, refusals: [] }
    let index = 0

    // A packet has more than a thousand of them.
    for await (const messages of batchesOf(iterateCooperatively(stream), batchSize)) {
      const valid: Interaction[] = []
      for (const message of messages) {
        const read = readInteraction(message, recommender, now())
        if (typeof read === 'string') refuse(answer, { index, id: message.id, reason: read })
        else valid.push(read)
        index++
      }
      if (valid.length === 0) continue

      const taken = await store.record(valid)
      for (const interaction of taken) readers.add(interaction)
      answer.taken += taken.length
      answer.known += valid.length - taken.length
      onRecorded(taken)
    }
    return answer
  }
}

function refuse(answer: RecordInteractionsResponse, refusal: RecordInteractionsResponse['refusals'][number]): void {
  answer.refused++
  if (answer.refusals.length < maxRefusals) answer.refusals.push({ ...refusal, id: refusal.id.slice(0, longestEcho) })
}

const kinds = new Map<number, Kind>([
  [InteractionKind.INTERACTION_KIND_VIEWED, 'viewed'],
  [InteractionKind.INTERACTION_KIND_LIKED, 'liked'],
  [InteractionKind.INTERACTION_KIND_DISLIKED, 'disliked'],
  [InteractionKind.INTERACTION_KIND_BOUGHT, 'bought'],
  [InteractionKind.INTERACTION_KIND_RATED, 'rated'],
  [InteractionKind.INTERACTION_KIND_NEUTRAL, 'neutral'],
])

const longestId = 100
const aheadMs = 24 * 60 * 60 * 1000

/** The interaction of a message, or what is wrong with it. */
function readInteraction(
  message: InteractionMessage,
  { has }: Pick<Recommender, 'has'>,
  now: Date,
): Interaction | string {
  const { id, userId, bookId, rating, time = now } = message
  const kind = kinds.get(message.kind)
  if (id === '' || isLonger(id, longestId)) return `id must have 1 to ${longestId} characters`
  if (id.includes('\0') || !id.isWellFormed()) return 'id must be plain text'
  if (userId < 1) return 'user_id must be positive'
  if (!has(bookId)) return 'book_id names no book of the store'
  if (!kind) return 'kind must be one that the contract names'
  if (kind === 'rated' && (rating < 1 || rating > 5)) return 'rating must be from 1 to 5'
  if (kind !== 'rated' && rating !== 0) return 'rating must be 0 unless the kind is rated'
  if (Number.isNaN(time.getTime())) return 'time must be a valid Timestamp'
  if (time.getTime() >= now.getTime() + aheadMs) return 'time must not be in the future'
  return { id, readerId: userId, bookId, kind, rating, time }
}

/** Whether a text has more characters, in Unicode code points, than that. */
function isLonger(text: string, most: number): boolean {
  return text.length > 2 * most || Array.from(text).length > most
}
