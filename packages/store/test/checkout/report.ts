import type { FinishedRun } from './run-checkouts.ts'

/** The figures of a run, a line each. */
export function tableOf({ history, tables, database, seconds, restSeconds, errors }: FinishedRun): string {
  const { placings, faults } = history
  const count = (state: string, reason?: string) =>
    tables.orders.filter((order) => order.state === state && (!reason || order.cancelReason === reason)).length
  const reasons = [...new Set(tables.orders.map(({ cancelReason }) => cancelReason))].filter(Boolean).toSorted()
  const refusals = Map.groupBy(
    placings.filter(({ failure }) => failure),
    ({ failure }) => `${failure!.code} ${failure!.reason}`.trim(),
  )
  const rows: [string, string | number][] = [
    ['database', database],
    ['seconds, and until rest', `${seconds.toFixed(0)} + ${restSeconds.toFixed(0)}`],
    ['kills', faults.filter(({ kind }) => kind === 'kill').length],
    ['pauses', faults.filter(({ kind }) => kind === 'pause').length],
    ['calls of PlaceOrder', placings.length],
    ...[...refusals].map(([text, found]): [string, number] => [`  answered ${text}`, found.length]),
    ['orders', tables.orders.length],
    ['  confirmed', count('confirmed')],
    ...reasons.map((reason): [string, number] => [`  cancelled: ${reason}`, count('cancelled', reason)]),
    [
      'with the promotion, not cancelled',
      tables.orders.filter((order) => order.promotion && order.state !== 'cancelled').length,
    ],
    [
      'refunded, in part or whole',
      tables.orders.filter((order) => order.state === 'confirmed' && order.refundedCents > 0).length,
    ],
    ['receipts, and mails of them', `${tables.receipts.length}, ${history.receipts.length}`],
    ['longest from order to end, s', longestSeconds(tables.orders).toFixed(1)],
    ...[...errors].map(([text, times]): [string, number] => [`error logged: ${text}`.slice(0, 100), times]),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')
}

function longestSeconds(orders: FinishedRun['tables']['orders']): number {
  return Math.max(0, ...orders.map(({ placedAt, finalAt = placedAt }) => finalAt - placedAt)) / 1_000
}
