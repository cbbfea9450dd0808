/** A problem that the operator can fix, such as a wrong setting. Its message is all that is printed. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
