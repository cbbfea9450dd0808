const layout = /^([1-9]\d{3}-\d\d-\d\d)(?: (\d\d:\d\d)(:\d\d)?)?$/

/** A time as `YYYY-MM-DD HH:MM:SS`, in UTC. */
export function utcTimeOf(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ')
}

/** Reads `YYYY-MM-DD`, which is when that day begins, `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS`, in UTC. */
export function readUtcTime(text: string): Date | undefined {
  const [matched, day = '', minute = '00:00', second = ':00'] = layout.exec(text) ?? []
  if (!matched) return undefined
  const time = new Date(`${day}T${minute}${second}Z`)
  // Days that there are not, such as February 30, may be taken for the days after.
  const exists = !Number.isNaN(time.getTime()) && utcTimeOf(time) === `${day} ${minute}${second}`
  return exists ? time : undefined
}
