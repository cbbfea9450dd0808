import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * A function around a call, of any of the four kinds. It reads and sets metadata, may refuse the call by throwing, and
 * awaits `next()`, which settles as the rest of the call does: after the one answer, or after the last of a stream.
 */
export type Interceptor<Call> = (call: Call, next: () => Promise<void>) => Promise<void>

/** Runs a call with one answer inside its interceptors, the first of them outermost. */
export async function interceptOne<Call, Answer>(
  interceptors: readonly Interceptor<Call>[],
  call: Call,
  run: () => Promise<Answer>,
): Promise<Answer> {
  let answer: Answer | undefined
  await through(interceptors, call, async () => {
    answer = await run()
  })
  return answer as Answer
}

/** Runs a call whose answers stream inside its interceptors, no faster than the answers are taken. */
export async function* interceptMany<Call, Answer>(
  interceptors: readonly Interceptor<Call>[],
  call: Call,
  run: () => AsyncIterable<Answer>,
): AsyncGenerator<Answer, void> {
  const begun = Promise.withResolvers<{ answers: AsyncIterator<Answer>; enter: Enter }>()
  const ended = Promise.withResolvers<void>()
  const around = through(interceptors, call, () => {
    begun.resolve({ answers: run()[Symbol.asyncIterator](), enter: AsyncLocalStorage.snapshot() })
    return ended.promise
  })
  around.catch(begun.reject)

  // A generator runs in the context of whoever asks it for more, so every step re-enters that of the call.
  const { answers, enter } = await begun.promise
  const step = () => enter(() => answers.next())
  try {
    for (let next = await step(); !next.done; next = await step()) yield next.value
  } catch (error) {
    ended.reject(error)
  } finally {
    await enter(async () => answers.return?.())
    ended.resolve()
    await around
  }
}

type Enter = <Result>(run: () => Result) => Result

function through<Call>(
  interceptors: readonly Interceptor<Call>[],
  call: Call,
  last: () => Promise<void>,
  index = 0,
): Promise<void> {
  const interceptor = interceptors[index]
  return interceptor ? interceptor(call, () => through(interceptors, call, last, index + 1)) : last()
}
