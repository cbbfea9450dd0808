import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import helmet from 'helmet'

/** The security headers of every response, by their names. */
export type SecurityHeaders = Map<string, string>

const yearInSeconds = 365 * 24 * 60 * 60

// Features that no page uses.
const permissions = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'

/**
 * Creates the security headers. No script runs in a page. They are the same in each response, so that a page and its headers can be kept.
 * Browsers are restricted to TLS where `publicUrl` is https.
 */
export function createSecurityHeaders(publicUrl: string): SecurityHeaders {
  const isSecure = publicUrl.startsWith('https:')
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'none'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        'upgrade-insecure-requests': isSecure ? [] : null,
      },
    },
    strictTransportSecurity: isSecure && { maxAge: yearInSeconds, includeSubDomains: false },
    // Other sites receive nothing. With `no-referrer`, browsers would send the shop's own forms with `Origin: null`.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Only obsolete browsers read these.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })

  const request = new IncomingMessage(new Socket())
  const example = new ServerResponse(request)
  setHeaders(request, example, (error?: unknown) => {
    if (error) throw error
  })
  example.setHeader('Permissions-Policy', permissions)
  return new Map(Object.entries(example.getHeaders()).map(([name, value]) => [name, String(value)]))
}

/** Lets a form of this page lead to these origins, too: browsers hold the redirect that answers a form to its page's policy. */
export function allowFormTargets(reply: FastifyReply, origins: readonly string[]): void {
  const policy = String(reply.raw.getHeader('content-security-policy'))
  reply.header(
    'content-security-policy',
    policy.replace("form-action 'self'", ["form-action 'self'", ...origins].join(' ')),
  )
}
