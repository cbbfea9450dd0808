import type { JsonValue } from '@bufbuild/protobuf'

/** An object in JSON. */
export type JsonObject = { [name: string]: JsonValue }

const maxCharacters = 200
const maxItems = 20

/** The beginning of a text, and how long it is, where it is long. */
export function cutText(text: string): string {
  if (text.length <= maxCharacters) return text
  return `${text.slice(0, maxCharacters).toWellFormed()}… (${text.length} characters)`
}

/** The beginning of some bytes in base64, and how many there are, where there are many. */
export function cutBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, maxCharacters)).toString('base64')
  return bytes.length > maxCharacters ? `${text}… (${bytes.length} bytes)` : text
}

/** The first of a list, and how many there are besides. */
export function cutList<Item>(items: readonly Item[], jsonOf: (item: Item) => JsonValue): JsonValue[] {
  const shown = items.slice(0, maxItems).map(jsonOf)
  return items.length > maxItems ? [...shown, `… ${items.length - maxItems} more`] : shown
}

/** The first of an object's entries, and how many there are besides. */
export function cutEntries<Value>(
  entries: readonly (readonly [unknown, Value])[],
  jsonOf: (value: Value) => JsonValue,
): JsonObject {
  const shown = entries.slice(0, maxItems).map(([key, value]) => [cutText(String(key)), jsonOf(value)] as const)
  const rest = entries.length > maxItems ? [['…', `${entries.length - maxItems} more`] as const] : []
  return Object.fromEntries([...shown, ...rest])
}

/** Cuts whatever is long in a piece of JSON. */
export function cutJson(json: JsonValue): JsonValue {
  if (typeof json === 'string') return cutText(json)
  if (Array.isArray(json)) return cutList(json, cutJson)
  return isJsonObject(json) ? cutEntries(Object.entries(json), cutJson) : json
}

/** Whether a piece of JSON is an object, not a list or null. */
export function isJsonObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
