/** Tells a person what is being done and how long it took. */
export type Progress = <Result>(what: string, work: () => Promise<Result>) => Promise<Result>

/** Writes a line for each piece of work; on a terminal the line shows at once and is completed in place. */
export function createProgress(out: { isTTY?: boolean; write(text: string): unknown }, now: () => number): Progress {
  return async (what, work) => {
    const started = now()
    if (out.isTTY) out.write(`  … ${what}`)
    const result = await work()
    out.write(`${out.isTTY ? '\r' : ''}  ✓ ${what} (${((now() - started) / 1000).toFixed(1)} s)\n`)
    return result
  }
}
