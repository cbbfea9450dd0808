/**
 * Gives a snippet `print` and `console`, and returns a function that describes a thrown value. It is sent into the sandbox
 * as source text, so it can use only its arguments and the globals there. `send`, the only function of the host, returns
 * false once there is no room for more. It takes JSON because NUL and half of a surrogate pair would be lost otherwise.
 */
export function installConsole(send: (json: string) => boolean, maxCharacters: number): (thrown: unknown) => string {
  // Even if a snippet replaces these, only JSON strings of limited length leave the sandbox.
  const [{ stringify }, { apply }, { slice }] = [JSON, Reflect, String.prototype]
  const console = { log: print, info: print, debug: print, warn: print, error: print }
  let hasRoom = true

  Object.assign(globalThis, { print, console })
  return (thrown) => toJson(thrown instanceof Error ? show(thrown) : `Uncaught ${show(thrown)}`)

  function print(...values: unknown[]): void {
    hasRoom &&= send(toJson(`${values.map(show).join(' ')}\n`))
    if (!hasRoom) throw new RangeError('there is no room for more output')
  }

  function show(value: unknown): string {
    if (value instanceof Error) return `${value}\n${value.stack ?? ''}`.trimEnd()
    if (typeof value === 'object') return stringify(value, toPlain)
    // oxlint-disable-next-line typescript/no-base-to-string -- it is no object
    return String(value)
  }

  function toPlain(_key: string, value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Map || value instanceof Set ? [...value] : value
  }

  // One character more than the limit shows the host that text was cut.
  function toJson(text: string): string {
    return stringify(apply(slice, text, [0, maxCharacters + 1]))
  }
}
