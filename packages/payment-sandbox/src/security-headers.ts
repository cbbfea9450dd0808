import type { FastifyReply } from 'fastify'

const policy = (formAction: string) =>
  `default-src 'none';style-src 'self';form-action ${formAction};base-uri 'none';frame-ancestors 'none'`

/** The headers of every answer. */
export const securityHeaders = {
  'content-security-policy': policy("'self'"),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const

/** Lets the form of a page lead to another origin: browsers apply the policy to its redirect, too. */
export function setFormTarget(reply: FastifyReply, url: string): void {
  reply.header('content-security-policy', policy(`'self' ${new URL(url).origin}`))
}
