import {
  type DescField,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  type JsonValue,
  toJson,
} from '@bufbuild/protobuf'
import { isReflectMessage, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { type Any, anyUnpack, isWrapperDesc } from '@bufbuild/protobuf/wkt'
import { readDescriptors } from './descriptors.ts'
import { cutBytes, cutEntries, cutJson, cutList, cutText, isJsonObject } from './truncate.ts'

/** The text of a message for people: its protobuf JSON on one line, redacted, and cut where it is long. Never throws. */
export type MessagePrinter = (typeName: string, bytes: Uint8Array) => string

/**
 * Makes the one function that may print messages. `descriptors` is a FileDescriptorSet with its imports.
 *
 * A field whose contract says `debug_redact = true` prints as `[redacted]`, however deep it sits. Fields that the contract
 * does not know are left out: nobody can tell what they hold.
 */
export function createMessagePrinter(descriptors: Uint8Array): MessagePrinter {
  const registry = readDescriptors(descriptors)

  return (typeName, bytes) => {
    const type = registry.getMessage(typeName)
    if (!type) return `[${bytes.length} bytes of the unknown type ${typeName}]`
    try {
      return JSON.stringify(jsonOfMessage(reflect(type, fromBinary(type, bytes)), registry))
    } catch {
      // What the error says may quote what must not be seen.
      return `[${bytes.length} bytes that do not read as ${typeName}]`
    }
  }
}

function jsonOfMessage(message: ReflectMessage, registry: FileRegistry): JsonValue {
  if (message.desc.typeName === 'google.protobuf.Any') return jsonOfAny(message.message as Any, registry)
  if (hasJsonOfItsOwn(message.desc)) return cutJson(toJson(message.desc, message.message))

  const set = message.fields.filter((field) => message.isSet(field))
  return Object.fromEntries(set.map((field) => [field.jsonName, jsonOfField(message, field, registry)]))
}

// Any has one as well, but what it carries may have something to hide.
function hasJsonOfItsOwn(type: DescMessage): boolean {
  return (
    /^google\.protobuf\.(Timestamp|Duration|FieldMask|Struct|Value|ListValue)$/.test(type.typeName) ||
    isWrapperDesc(type)
  )
}

function jsonOfAny(any: Any, registry: FileRegistry): JsonValue {
  const type = cutText(any.typeUrl)
  const packed = anyUnpack(any, registry)
  const desc = packed && registry.getMessage(packed.$typeName)
  if (!desc) return { '@type': type, value: `[${any.value.length} bytes]` }

  const json = jsonOfMessage(reflect(desc, packed), registry)
  return isJsonObject(json) ? { '@type': type, ...json } : { '@type': type, value: json }
}

function jsonOfField(message: ReflectMessage, field: DescField, registry: FileRegistry): JsonValue {
  if (field.proto.options?.debugRedact) return '[redacted]'

  const jsonOf = (value: unknown) => jsonOfValue(value, field, registry)
  if (field.fieldKind === 'list') return cutList([...message.get(field)], jsonOf)
  if (field.fieldKind !== 'map') return jsonOf(message.get(field))
  return cutEntries([...message.get(field)], jsonOf)
}

function jsonOfValue(value: unknown, field: DescField, registry: FileRegistry): JsonValue {
  if (isReflectMessage(value)) return jsonOfMessage(value, registry)
  if (value instanceof Uint8Array) return cutBytes(value)
  if (typeof value === 'boolean') return value
  if (typeof value !== 'number') return cutText(String(value))
  if (field.enum) return field.enum.value[value]?.name ?? value
  // JSON has no NaN and no Infinity.
  return Number.isFinite(value) ? value : String(value)
}
