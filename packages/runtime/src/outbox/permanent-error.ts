/** An error that no further try can avoid, such as a receiver that does not exist. The job is parked at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
}
