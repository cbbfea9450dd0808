import type { FastifyRequest } from 'fastify'
import { originsOf } from '../http/security/form-protection.ts'
import { returnPathOf } from '../sessions/return-path.ts'

/** The page of this shop with the form that was sent; `otherwise` where the browser does not say. */
export function pageBefore(request: FastifyRequest, publicUrl: string, otherwise: string): string {
  const url = URL.parse(request.headers.referer ?? '')
  const isOwn = url !== null && originsOf(request, publicUrl).includes(url.origin)
  return isOwn ? returnPathOf(url.pathname + url.search) : otherwise
}
