/**
 * Makes a function of an object remember what it gave for as long as the object lives. What sources remember is the same
 * object each time, so what pages make of it need not be made again.
 */
export function remember<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>()
  return (from) => {
    const known = made.get(from)
    if (known !== undefined) return known
    const fresh = make(from)
    made.set(from, fresh)
    return fresh
  }
}
