import { dataRules } from './data-rules.fixture.ts'
import { networkRules } from './network-rules.fixture.ts'
import { podRules } from './pod-rules.fixture.ts'
import { serviceRules } from './service-rules.fixture.ts'

/** The rules that the store is deployed by, each with a breach of every part of it. */
export const rules = { ...podRules, ...dataRules, ...serviceRules, ...networkRules }
