/** Says what values are, for people to read. */
export interface GuestInspector {
  /** The value on one line, unless it is an error with its trace. Its own code is not run, but for the traps of proxies. */
  show(value: unknown): string
  /** What was thrown. */
  tell(thrown: unknown): string
}

/**
 * Makes what tells a snippet's values. It runs inside the sandbox, where it is sent as text: it knows the globals there,
 * nothing of this file, and takes what it needs of them before a snippet can change them. There are no templates in it:
 * QuickJS makes texts of them with `concat`, which a snippet can change.
 */
export function createGuestInspector(): GuestInspector {
  const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect
  const { hasOwn, is } = Object
  const { isArray } = Array
  const { isView } = ArrayBuffer
  const { isError } = Error as unknown as { isError(value: unknown): value is Error }
  const { min } = Math
  const { stringify } = JSON
  const toText = String
  const { slice } = String.prototype
  const [date, regExp, map, set] = [Date, RegExp, Map, Set]
  const { getTime, toISOString } = Date.prototype
  const { toString: toPattern } = RegExp.prototype
  const { forEach: eachEntry } = Map.prototype
  const { forEach: eachMember } = Set.prototype
  const sourceOf = getterOf(RegExp.prototype, 'source')
  const entriesOf = getterOf(Map.prototype, 'size')
  const membersOf = getterOf(Set.prototype, 'size')
  const elementsOf = getterOf(getPrototypeOf(Uint8Array.prototype) ?? {}, 'length')

  const deepest = 4
  const mostParts = 100
  const mostValues = 1_000
  let values = 0

  return {
    show(value) {
      values = 0
      return show(value)
    },
    tell(thrown) {
      values = 0
      return isError(thrown) ? traceOf(thrown) : 'Uncaught ' + show(thrown)
    },
  }

  interface Place {
    object: object
    depth: number
    inside: Place | undefined
  }

  function show(value: unknown, inside?: Place): string {
    values++
    if (typeof value === 'string') return stringify(value)
    if (typeof value === 'bigint') return toText(value) + 'n'
    if (typeof value === 'function') return '[Function: ' + (nameIn(value) || 'anonymous') + ']'
    if (typeof value !== 'object' || value === null) return is(value, -0) ? '-0' : toText(value)
    for (let place = inside; place; place = place.inside) if (place.object === value) return '[Circular]'

    if (isError(value)) return inside ? '[' + headlineOf(value) + ']' : traceOf(value)
    if (isA(regExp, value, sourceOf)) return apply(toPattern, value, [])
    if (isA(date, value, getTime)) return isA(date, value, toISOString) ? apply(toISOString, value, []) : 'Invalid Date'
    const depth = inside ? inside.depth + 1 : 0
    if (depth > deepest) return isArray(value) ? '[…]' : '{…}'
    return showParts(value, { object: value, depth, inside })
  }

  function showParts(object: object, place: Place): string {
    if (isArray(object)) return showList(object, Number(dataOf(object, 'length')), place)
    if (isView(object) && has(object, elementsOf)) return showList(object, apply(elementsOf, object, []), place)
    if (isA(map, object, entriesOf)) return showMembers(object, eachEntry, apply(entriesOf, object, []), place)
    if (isA(set, object, membersOf)) return showMembers(object, eachMember, apply(membersOf, object, []), place)

    const keys = enumerableKeysOf(object)
    const name = nameOf(object)
    const list = listOf('{', '}', keys.length, (index) => {
      const key = keys[index] ?? ''
      return (typeof key === 'symbol' ? '[' + toText(key) + ']' : key) + ': ' + showProperty(object, key, place)
    })
    return name === 'Object' ? list : name + ' ' + list
  }

  function showList(object: object, count: number, place: Place): string {
    const list = listOf('[', ']', count, (index) => showProperty(object, index, place))
    const name = nameOf(object)
    return name === 'Array' ? list : name + '(' + count + ') ' + list
  }

  function showMembers(
    object: object,
    each: typeof eachEntry | typeof eachMember,
    count: number,
    place: Place,
  ): string {
    const keys: unknown[] = []
    const members: unknown[] = []
    const take = (member: unknown, key: unknown) => {
      if (keys.length >= mostParts) return
      keys[keys.length] = key
      members[members.length] = member
    }
    apply(each, object, [take])

    const list = listOf('{', '}', count, (index) => {
      const key = each === eachEntry ? show(keys[index], place) + ' => ' : ''
      return key + show(members[index], place)
    })
    return nameOf(object) + '(' + count + ') ' + list
  }

  function listOf(open: string, close: string, count: number, partAt: (index: number) => string): string {
    let parts = ''
    let index = 0
    for (; index < min(count, mostParts) && values < mostValues; index++)
      parts += (index > 0 ? ', ' : '') + partAt(index)
    if (index < count) parts += (index > 0 ? ', … ' : '… ') + (count - index) + ' more'
    return parts ? open + ' ' + parts + ' ' + close : open + close
  }

  function showProperty(object: object, key: string | symbol | number, place: Place): string {
    const property = getOwnPropertyDescriptor(object, key)
    if (!property) return 'empty'
    return hasOwn(property, 'value') ? show(property.value, place) : '[Getter]'
  }

  function traceOf(error: Error): string {
    const stack = dataOf(error, 'stack')
    if (typeof stack !== 'string') return headlineOf(error)
    const isEnded = stack[stack.length - 1] === '\n'
    return headlineOf(error) + '\n' + (isEnded ? apply(slice, stack, [0, -1]) : stack)
  }

  // The one place that does run code of the snippet: classes of errors may well compute their messages.
  function headlineOf(error: Error): string {
    try {
      const { name, message } = error
      return message ? toText(name) + ': ' + toText(message) : toText(name)
    } catch {
      return 'an error that cannot be shown'
    }
  }

  function nameOf(object: object): string {
    for (let maker = getPrototypeOf(object); maker; maker = getPrototypeOf(maker)) {
      const constructor = dataOf(maker, 'constructor')
      if (typeof constructor === 'function') return nameIn(constructor)
    }
    return '[no prototype]'
  }

  function nameIn(maker: object): string {
    const name = dataOf(maker, 'name')
    return typeof name === 'string' ? name : ''
  }

  function enumerableKeysOf(object: object): (string | symbol)[] {
    const all = ownKeys(object)
    const keys: (string | symbol)[] = []
    for (let index = 0; index < all.length; index++) {
      const key = all[index] ?? ''
      if (getOwnPropertyDescriptor(object, key)?.enumerable) keys[keys.length] = key
    }
    return keys
  }

  function dataOf(object: object, key: string): unknown {
    const property = getOwnPropertyDescriptor(object, key)
    return property && hasOwn(property, 'value') ? property.value : undefined
  }

  function getterOf(object: object, key: string): () => number {
    return getOwnPropertyDescriptor(object, key)?.get as () => number
  }

  function isA(kind: Function, value: object, method: () => unknown): boolean {
    return value instanceof kind && has(value, method)
  }

  /** Whether the object is of the kind that a method asks for, and not only made to look like it. */
  function has(object: object, method: () => unknown): boolean {
    try {
      apply(method, object, [])
      return true
    } catch {
      return false
    }
  }
}
