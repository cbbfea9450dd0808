import { setFlagsFromString } from 'node:v8'

/**
 * Stops V8 from allocating objects in the old generation where many from the same place in the code have survived a collection. What
 * belongs to a call does so only by the chance of being in flight, and one old object keeps all that it refers to from minor collections.
 */
export function disablePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
