import type { GuestInspector } from './guest-inspector.ts'

/**
 * Gives a snippet `print` and `console`, and returns what tells a value that it threw. It runs inside the sandbox, where it
 * is sent as text: it knows its arguments and the globals there, nothing of this file.
 *
 * `send` is the one function of the host, and answers whether there is room for more. Texts leave the sandbox as JSON, since
 * NUL and half surrogate pairs cross over in no other way.
 */
export function installGuestConsole(
  { show, tell }: GuestInspector,
  send: (json: string) => boolean,
  mostCharacters: number,
): (thrown: unknown) => string {
  const { apply } = Reflect
  const { stringify } = JSON
  const { slice } = String.prototype
  const console = { log: print, info: print, debug: print, warn: print, error: print }
  let hasRoom = true

  for (const [name, value] of Object.entries({ print, console })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
  }
  return (thrown) => jsonOf(tell(thrown))

  function print(...values: unknown[]): void {
    let line = ''
    for (let index = 0; index < values.length && line.length <= mostCharacters; index++) {
      const value = values[index]
      line += (index > 0 ? ' ' : '') + (typeof value === 'string' ? value : show(value))
    }
    hasRoom &&= send(jsonOf(line + '\n'))
    if (!hasRoom) throw new RangeError('there is no room for more output')
  }

  // One character more than there is ever room for tells that something was cut.
  function jsonOf(text: string): string {
    return stringify(apply(slice, text, [0, mostCharacters + 1]))
  }
}
