import type { FastifyInstance } from 'fastify'
import { ada, password } from '../accounts.fixture.ts'
import { createVisitor, tokenIn } from '../pages/pages.fixture.ts'

/** A browser that keeps cookies, opens pages and sends their forms. */
export function createBrowser(app: FastifyInstance) {
  const visitor = createVisitor(app)
  return {
    ...visitor,
    /** Opens a page and sends a form of it with these fields, its hidden ones included. */
    async submit(page: string, fields: Record<string, string>, url = page.split('?')[0]!) {
      const { body } = await visitor.open(page)
      const hidden = /name="(token|return_to)" value="([^"]*)"/.exec(body)
      const unescaped = (hidden?.[2] ?? '').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
      return visitor.send(url, { ...(hidden && { [hidden[1]!]: unescaped }), ...fields, _csrf: tokenIn(body) })
    },
  }
}

/** A browser in which Ada has signed in. */
export async function signIn(app: FastifyInstance) {
  const browser = createBrowser(app)
  await browser.submit('/sign-in', { email: ada.email, password })
  return browser
}
