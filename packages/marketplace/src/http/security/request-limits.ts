import formBody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { refusal } from './http-error.ts'

/** How many bytes a form may have; the largest of ours has about two hundred. */
export const mostBodyBytes = 4 * 1024

// A search of 200 characters, each of which takes up to twelve in an address.
const longestUrl = 4 * 1024
const mostParameters = 20

/** Refuses addresses and forms that no page of ours leads to. The only bodies that are read are those of forms. */
export async function limitRequests(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formBody)

  app.addHook('onRequest', async ({ url }) => {
    if (url.length > longestUrl) throw refusal(414, 'The address is too long')
    if (countOf(url, '&') >= mostParameters) throw refusal(400, 'The address has too many parameters')
  })
  app.addHook('preValidation', async ({ body }) => {
    if (Object.values(body ?? {}).flat().length > mostParameters) throw refusal(413, 'The form has too many fields')
  })
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1
}
