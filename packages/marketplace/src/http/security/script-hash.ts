import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** Lets the page have this script element of data, and still no other. */
export function allowScript(reply: FastifyReply, content: string): void {
  const hash = createHash('sha256').update(content).digest('base64')
  const policy = String(reply.raw.getHeader('content-security-policy'))
  reply.header('content-security-policy', policy.replace(/script-src [^;]+/, `script-src 'sha256-${hash}'`))
}
