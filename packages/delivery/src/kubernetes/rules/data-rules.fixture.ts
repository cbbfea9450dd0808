import * as policies from '../policies/index.ts'
import { container, named, remove, training, unset } from './planting.fixture.ts'
import type { Rule } from './rule.fixture.ts'

/** What keeps data, and secrets, where they belong. */
export const dataRules: Record<string, Rule> = {
  'data is kept': {
    policy: policies.dataIsKept,
    breaches: {
      'Deployment inventory keeps its data nowhere': (all) => unset(container(all, 'inventory'), 'DATABASE_URL'),
    },
  },
  'secrets are secrets': {
    policy: policies.secretsAreSecrets,
    breaches: {
      'Deployment articles has DATABASE_URL in plain sight': (all) =>
        container(all, 'articles').env?.push({ name: 'DATABASE_URL', value: 'postgres://' }),
      'ConfigMap plain has COOKIE_SECRET in plain sight': (all) =>
        all.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain' }, data: { COOKIE_SECRET: 'x' } }),
    },
  },
  'work is done apart': {
    policy: policies.workIsDoneApart,
    breaches: {
      'inventory has no Job that migrates its database': (all) => remove(all, 'Job', 'inventory-migrate'),
      'Job articles-migrate stands in the way of the next version': (all) =>
        delete named(all, 'Job', 'articles-migrate').metadata?.labels,
      'recommendations has no Job that trains': (all) => remove(all, 'CronJob', 'recommendations-train'),
    },
  },
  'nobody is made up': {
    policy: policies.nobodyIsMadeUp,
    only: 'production',
    breaches: { 'CronJob recommendations-train makes readers up': (all) => unset(training(all), 'DEMO_READERS') },
  },
}
