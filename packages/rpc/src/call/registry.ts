interface Entry<Member, Value> {
  member: Member
  value: Value
  index: number
}

/**
 * A set of objects that come and go with calls, each with a value, in no order. A Map or Set would hold on to them, which took a quarter
 * of a server's time: V8 gives it a new table every few calls, and each former table refers to the next one. Once one of them is in the
 * old generation, the contents of all later ones survive every minor garbage collection.
 */
export class Registry<Member extends object, Value = undefined> {
  readonly #entries: Entry<Member, Value>[] = []
  // On the member itself, as a WeakMap is a table, too.
  readonly #key = Symbol('entry')

  /** Does nothing where the member is in it. */
  add(member: Member, value: Value): void {
    if (this.#find(member)) return
    const entry = { member, value, index: this.#entries.length }
    this.#entries.push(entry)
    this.#set(member, entry)
  }

  delete(member: Member): void {
    const entry = this.#find(member)
    if (!entry) return
    const last = this.#entries.pop()
    if (last && last !== entry) {
      this.#entries[entry.index] = last
      last.index = entry.index
    }
    this.#set(member, undefined)
  }

  /** The members of now, with their values: they may be deleted on the way. */
  entries(): readonly Readonly<Entry<Member, Value>>[] {
    return [...this.#entries]
  }

  #set(member: Member, entry: Entry<Member, Value> | undefined): void {
    ;(member as Record<symbol, Entry<Member, Value> | undefined>)[this.#key] = entry
  }

  #find(member: Member): Entry<Member, Value> | undefined {
    return (member as Record<symbol, Entry<Member, Value> | undefined>)[this.#key]
  }
}
