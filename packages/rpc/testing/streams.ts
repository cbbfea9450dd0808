/** A stream of the messages. */
export async function* streamOf<T>(...messages: readonly T[]): AsyncGenerator<T> {
  yield* messages
}
