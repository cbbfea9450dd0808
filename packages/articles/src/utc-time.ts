const layout = /^([1-9]\d{3}-\d\d-\d\d)(?: (\d\d:\d\d)(:\d\d)?)?$/

/** A time as `YYYY-MM-DD HH:MM:SS`, in UTC. */
export function utcTimeOf(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ')
}

/** Reads `YYYY-MM-DD` (midnight), `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS`, in UTC. */
export function readUtcTime(text: string): Date | undefined {
  const [matched, day = '', minute = '00:00', second = ':00'] = layout.exec(text) ?? []
  if (!matched) return undefined
  const time = new Date(`${day}T${minute}${second}Z`)
  // `Date` may read February 30 as a day of March.
  const exists = !Number.isNaN(time.getTime()) && utcTimeOf(time) === `${day} ${minute}${second}`
  return exists ? time : undefined
}
