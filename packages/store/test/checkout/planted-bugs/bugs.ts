import { orderBugs } from './order-bugs.ts'
import type { PlantedBug } from './planted-bug.ts'
import { stockBugs } from './stock-bugs.ts'

/** Faults that public shops had, in the services of this one. Each is found by a short run. */
export const plantedBugs: readonly PlantedBug[] = [...stockBugs, ...orderBugs]
