import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import helmet from 'helmet'

/** Sets the security headers of a response. */
export type SetSecurityHeaders = (request: IncomingMessage, response: ServerResponse) => void

const yearInSeconds = 365 * 24 * 60 * 60

// Features that no page uses.
const permissions = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'

/**
 * Creates the function that sets security headers. Pages have no scripts, so no script runs: an injected one lacks the nonce,
 * which is new in each response and in no page. Browsers are restricted to TLS where `publicUrl` is https.
 */
export function createSecurityHeaders(publicUrl: string): SetSecurityHeaders {
  const isSecure = publicUrl.startsWith('https:')
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': [() => `'nonce-${randomBytes(16).toString('base64')}'`],
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

  return (request, response) => {
    setHeaders(request, response, (error?: unknown) => {
      if (error) throw error
    })
    response.setHeader('Permissions-Policy', permissions)
  }
}

/** Lets a form of this page lead to these origins, too: browsers hold the redirect that answers a form to its page's policy. */
export function allowFormTargets(reply: FastifyReply, origins: readonly string[]): void {
  const policy = String(reply.raw.getHeader('content-security-policy'))
  reply.header(
    'content-security-policy',
    policy.replace("form-action 'self'", ["form-action 'self'", ...origins].join(' ')),
  )
}
