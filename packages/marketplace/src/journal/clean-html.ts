import sanitizeHtml, { type Attributes } from 'sanitize-html'

/** What a link may be in place of what was written; without attributes it leads nowhere. */
export type LinkRule = (href: string | undefined) => Attributes

const blocks = ['p', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'hr', 'br']
const tables = ['table', 'thead', 'tbody', 'tr', 'th', 'td']
const phrases = ['a', 'abbr', 'b', 'cite', 'code', 'del', 'em', 'i', 'ins', 'kbd', 'mark', 'q', 's', 'small', 'strong']
const scripts = ['sub', 'sup']

/** The elements that are left of an article; of any other only its text is, and of scripts and styles nothing. */
export const allowedElements: readonly string[] = [...blocks, ...tables, ...phrases, ...scripts]

/** The attributes that are left, by their element. */
export const allowedAttributes: Readonly<Record<string, string[]>> = {
  a: ['href', 'title', 'rel'],
  abbr: ['title'],
  ol: ['start'],
}

/** Where links may lead, besides to other places in the shop. */
export const allowedSchemes: readonly string[] = ['http', 'https', 'mailto']

/** Makes HTML of any origin safe to print in a page: what is not allowed by name is not there any more. */
export function cleanHtml(html: string, ruleOf: LinkRule): string {
  return sanitizeHtml(html, {
    allowedTags: [...allowedElements],
    allowedAttributes,
    allowedSchemes: [...allowedSchemes],
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    // Elements further in than this are left out: nobody writes them, and browsers limit them, too.
    nestingLimit: 50,
    transformTags: {
      h1: 'h2',
      a: (tagName, { href, title }) => ({ tagName, attribs: { ...ruleOf(href), ...(title && { title }) } }),
    },
  })
}
