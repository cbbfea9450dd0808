import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { Answers } from '../payments/payment.ts'
import type { SandboxDeps } from '../sandbox-deps.ts'

/** Makes an answer late or drops its connection. Resolves to whether it is still to be sent. */
export function createDisturber({ answerDelayMs, signal }: Pick<SandboxDeps, 'answerDelayMs' | 'signal'>) {
  return async (reply: FastifyReply, answers: Answers | undefined): Promise<boolean> => {
    if (answers === 'late') await delay(answerDelayMs, undefined, { signal }).catch(() => {})
    if (answers !== 'lost') return true
    reply.hijack()
    reply.raw.socket?.destroy()
    return false
  }
}
