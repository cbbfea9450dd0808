import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MessagePage } from '../pages.ts'
import { paths } from '../paths.ts'
import { showPage } from '../show-page.ts'

/** Says that reviews does not answer. `back` is the page before. */
export function showAway(
  request: FastifyRequest,
  reply: FastifyReply,
  back: { href: string; label: string },
): Promise<string> {
  const page: MessagePage = {
    title: 'Our reviews are out of reach · Books',
    heading: 'Our reviews are out of reach',
    text: 'We cannot look them up or change them just now. Please try again in a moment.',
    furtherLinks: [back],
    fallback: 'reviews',
  }
  return showPage(request, reply.code(503).header('retry-after', 5), 'message.hbs', page)
}

/** Leads back to the reviews of a book. */
export function backToBook(bookId: number): { href: string; label: string } {
  return { href: paths.reviews(bookId), label: 'Back to the book' }
}
