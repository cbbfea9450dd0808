import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

/** Sets the headers by which an answer tells a browser what it must not do with it. */
export type SetSecurityHeaders = (request: IncomingMessage, response: ServerResponse) => void

const yearInSeconds = 365 * 24 * 60 * 60

// What a page of a bookshop has no use for, whoever wrote what is on it.
const permissions = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'

/**
 * Makes what sets the security headers of an answer. Pages have no script, so none runs: one that was smuggled in lacks the
 * nonce, which is another for each answer and in none of them. Browsers are held to TLS where `publicUrl` is https.
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
    // Other sites learn nothing. With `no-referrer`, browsers would send forms of our own with `Origin: null`.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Of use to nobody but browsers of the past.
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
