/** Reads the time of an article's publication, YYYY-MM-DD HH:MM:SS in UTC; undefined for any other text. */
export function readCreateTime(text: string): Date | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? []
  const moment = new Date(`${day}T${time}Z`)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
