import formBody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { httpError } from './http-error.ts'

/** The largest form in bytes, where its route does not say otherwise. Most have about two hundred. */
export const maxBodyBytes = 4 * 1024

// A search of 200 characters, each of which takes up to twelve bytes in a URL.
const maxUrlLength = 4 * 1024
const maxParameters = 20

/** Limits URLs and forms. Only bodies of forms are accepted. */
export async function limitRequests(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formBody)

  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (url.length > maxUrlLength) return done(httpError(414, 'The URL is too long'))
    done(countOf(url, '&') >= maxParameters ? httpError(400, 'The URL has too many parameters') : undefined)
  })
  app.addHook('preValidation', async ({ body }) => {
    if (!Buffer.isBuffer(body) && Object.values(body ?? {}).flat().length > maxParameters)
      throw httpError(413, 'The form has too many fields')
  })
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1
}
