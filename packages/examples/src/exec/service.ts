import { MockExecService } from '@books/proto'
import { service } from '@books/rpc'
import { durationSetting } from '@books/runtime'
import { defineService } from '@books/service'
import { Type } from 'typebox'
import { bounds } from './bounds.ts'
import { compileEngine } from './engine.ts'
import { createExec } from './exec.ts'
import { startSandbox } from './sandbox.ts'
import { startSandboxes } from './sandboxes.ts'

/** Runs snippets of JavaScript, each closed off from the process that it runs in. */
export const exec = defineService({
  name: 'exec',
  port: 50_056,
  settings: {
    /** How long a snippet may take, all that it awaits and prints included. */
    RUN_MS: durationSetting(1_000),
    /** How many snippets run at a time, each in a thread of its own. */
    SANDBOXES: Type.Integer({ minimum: 1, maximum: 64, default: 4 }),
    /** How many snippets may wait for one of them. */
    WAITING: Type.Integer({ minimum: 0, maximum: 10_000, default: 32 }),
  },
  async start({ settings, log, cleanup }) {
    const code = await compileEngine()
    const onFault = (err: unknown) => log.error({ err }, 'a sandbox broke down')
    const sandboxes = await startSandboxes({
      start: () => startSandbox({ code, runMs: settings.RUN_MS, graceMs: bounds.graceMs, onFault }),
      count: settings.SANDBOXES,
      mostWaiting: settings.WAITING,
      log,
    })
    cleanup.defer(sandboxes.stop)
    return { services: [service(MockExecService, createExec({ sandboxes }))] }
  },
})
