import { LRUCache } from 'lru-cache'

const most = 2_000

/**
 * Makes a function of messages remember what it gave for each id, for as long as the fields that it goes by are the same.
 * Most visitors are shown the same few hundred books.
 */
export function remember<Message extends { id: number }, Made>(
  fields: readonly (keyof Message)[],
  make: (message: Message) => Made,
): (message: Message) => Made {
  const memory = new LRUCache<number, { message: Message; made: Made }>({ max: most })
  return (message) => {
    const known = memory.get(message.id)
    if (known && fields.every((field) => known.message[field] === message[field])) return known.made
    const made = make(message)
    memory.set(message.id, { message, made })
    return made
  }
}
