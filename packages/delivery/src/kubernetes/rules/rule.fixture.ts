import type { Policy } from '../policies/index.ts'
import type { Resource } from '../resources.ts'

/** A rule, and ways to break it. */
export interface Rule {
  policy: Policy
  /** Where it holds; in every overlay otherwise. */
  only?: string
  /** Each breaks it once, and is named as the rule tells of it. */
  breaches: Record<string, (resources: Resource[]) => unknown>
}
