/** Shows progress: a bar on a terminal, else a line for each tenth. */
export interface ProgressBar {
  /** `total` is undefined where it is unknown. */
  show(what: string, done: number, total?: number): void
  /** Clears the bar. */
  end(): void
}

const width = 30

/** Creates a progress bar that writes to `out`. */
export function createProgressBar(out: { isTTY?: boolean; write(text: string): unknown }): ProgressBar {
  let last = ''

  return {
    show(what, done, total) {
      const line = out.isTTY ? barOf(what, done, total) : lineOf(what, done, total)
      if (line === last) return
      out.write(out.isTTY ? `\r\x1b[K${line}` : `${line}\n`)
      last = line
    },
    end() {
      if (out.isTTY && last) out.write('\r\x1b[K')
      last = ''
    },
  }
}

function barOf(what: string, done: number, total: number | undefined): string {
  if (total === undefined) return `${what} ${done.toLocaleString('en')}`
  const share = total === 0 ? 1 : done / total
  const filled = Math.round(share * width)
  return `${what} [${'='.repeat(filled)}${' '.repeat(width - filled)}] ${Math.floor(share * 100)} %`
}

function lineOf(what: string, done: number, total: number | undefined): string {
  if (total === undefined) return `${what} ${roundDown(done, 100_000).toLocaleString('en')}`
  return `${what} ${roundDown(total === 0 ? 100 : (done / total) * 100, 10)} %`
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step
}
