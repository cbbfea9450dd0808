import { LRUCache } from 'lru-cache'

const maxEntries = 2_000

/** Memoizes a function by the object that is its first argument, from which the others must follow. */
export function memoizeObject<Key extends object, Rest extends readonly unknown[], Made>(
  make: (key: Key, ...rest: Rest) => Made,
): (key: Key, ...rest: Rest) => Made {
  const cache = new WeakMap<Key, { made: Made }>()
  return (key, ...rest) => {
    const cached = cache.get(key)
    if (cached) return cached.made
    const made = make(key, ...rest)
    cache.set(key, { made })
    return made
  }
}

/**
 * Memoizes a function of messages by their id, for as long as these fields are unchanged. Most pages show the same few
 * hundred books.
 */
export function memoize<Message extends { id: number }, Made>(
  fields: readonly (keyof Message)[],
  make: (message: Message) => Made,
): (message: Message) => Made {
  const cache = new LRUCache<number, { message: Message; made: Made }>({ max: maxEntries })
  return (message) => {
    const cached = cache.get(message.id)
    if (cached && fields.every((field) => cached.message[field] === message[field])) return cached.made
    const made = make(message)
    cache.set(message.id, { message, made })
    return made
  }
}
