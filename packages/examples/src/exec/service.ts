import { MockExecService } from '@books/proto'
import { service } from '@books/rpc'
import { durationSetting } from '@books/runtime'
import { defineService } from '@books/service'
import { Type } from 'typebox'
import { createExec } from './exec.ts'
import { createResourcePool } from './resource-pool.ts'
import { startSandbox } from './sandbox.ts'

/** Runs snippets of JavaScript, each in a sandbox. */
export const exec = defineService({
  name: 'exec',
  port: 50_056,
  settings: {
    /** How long a snippet may run, all that it awaits and prints included. */
    RUN_MS: durationSetting(1_000),
    /** How many snippets run at the same time, each in a thread of its own. */
    SANDBOXES: Type.Integer({ minimum: 1, maximum: 64, default: 4 }),
    /** How many more snippets may wait. */
    WAITING: Type.Integer({ minimum: 0, maximum: 10_000, default: 32 }),
  },
  async start({ settings, cleanup }) {
    const { RUN_MS, SANDBOXES, WAITING } = settings
    const sandboxes = createResourcePool(() => startSandbox(RUN_MS), SANDBOXES, WAITING)
    cleanup.defer(sandboxes.stop)
    return { services: [service(MockExecService, createExec(sandboxes))] }
  },
})
