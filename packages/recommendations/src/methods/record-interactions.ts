import { InteractionKind, type Interaction as InteractionMessage, type RecordInteractionsResponse } from '@books/proto'
import type { Recommender } from '../model/recommender.ts'
import type { Interaction, Kind } from '../readers/interaction.ts'
import type { InteractionStore } from '../readers/interaction-store.ts'
import type { Readers } from '../readers/readers.ts'
import { groupsOf } from './batches.ts'

/** What recording needs. */
export interface RecordInteractionsDeps {
  /** Knows which books there are. */
  recommender: Pick<Recommender, 'has'>
  readers: Readers
  store: InteractionStore
  /** Told of every interaction once it is kept. */
  onTaken: (interactions: readonly Interaction[]) => void
  now: () => Date
}

const groupSize = 500
const mostRefusals = 100

/**
 * Records a stream of interactions in groups, each kept before the next is read: a caller that is faster than the
 * database is slowed down by the connection itself. What is taken counts in the reader's next answer.
 */
export function createRecordInteractions({ recommender, readers, store, onTaken, now }: RecordInteractionsDeps) {
  return async (stream: AsyncIterable<InteractionMessage>): Promise<RecordInteractionsResponse> => {
    const answer: RecordInteractionsResponse = { taken: 0, known: 0, refused: 0, refusals: [] }
    let index = 0

    for await (const messages of groupsOf(stream, groupSize)) {
      const sound: Interaction[] = []
      for (const message of messages) {
        const read = readInteraction(message, recommender, now())
        if (typeof read === 'string') refuse(answer, { index, id: message.id, reason: read })
        else sound.push(read)
        index++
      }
      if (sound.length === 0) continue

      const taken = await store.record(sound)
      for (const interaction of taken) readers.add(interaction)
      answer.taken += taken.length
      answer.known += sound.length - taken.length
      onTaken(taken)
    }
    return answer
  }
}

function refuse(answer: RecordInteractionsResponse, refusal: RecordInteractionsResponse['refusals'][number]): void {
  answer.refused++
  if (answer.refusals.length < mostRefusals) answer.refusals.push(refusal)
}

const kinds = new Map<number, Kind>([
  [InteractionKind.INTERACTION_KIND_VIEWED, 'viewed'],
  [InteractionKind.INTERACTION_KIND_LIKED, 'liked'],
  [InteractionKind.INTERACTION_KIND_DISLIKED, 'disliked'],
  [InteractionKind.INTERACTION_KIND_BOUGHT, 'bought'],
  [InteractionKind.INTERACTION_KIND_RATED, 'rated'],
])

const longestId = 100
const aheadMs = 24 * 60 * 60 * 1000

/** The interaction that a message tells of, or what is wrong with the message. */
function readInteraction(
  message: InteractionMessage,
  { has }: Pick<Recommender, 'has'>,
  now: Date,
): Interaction | string {
  const { id, userId, bookId, rating, time = now } = message
  const kind = kinds.get(message.kind)
  if (id === '' || id.length > longestId) return `id must have 1 to ${longestId} characters`
  if (id.includes('\0') || !id.isWellFormed()) return 'id must be plain text'
  if (userId < 1) return 'user_id must be positive'
  if (!has(bookId)) return 'book_id names no book of the store'
  if (!kind) return 'kind must be one that the contract names'
  if (kind === 'rated' && (rating < 1 || rating > 5)) return 'rating must be from 1 to 5'
  if (kind !== 'rated' && rating !== 0) return 'rating must be 0 unless the kind is rated'
  if (!(time.getTime() < now.getTime() + aheadMs)) return 'time must not be in the future'
  return { id, readerId: userId, bookId, kind, rating, time }
}
