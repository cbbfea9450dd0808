/** Something about how a process was started is wrong, and whoever started it can mend it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
