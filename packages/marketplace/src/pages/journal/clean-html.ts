import sanitizeHtml, { type Attributes } from 'sanitize-html'

/** What a link may be in place of what was written; without attributes it leads nowhere. */
export type LinkRule = (href: string | undefined) => Attributes

const blocks = ['p', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'hr', 'br']
const tables = ['table', 'thead', 'tbody', 'tr', 'th', 'td']
const phrases = ['a', 'abbr', 'b', 'cite', 'code', 'del', 'em', 'i', 'ins', 'kbd', 'mark', 'q', 's', 'small', 'strong']
const scripts = ['sub', 'sup']

// Of any other element only its text is left, and of scripts and styles nothing.
const allowedElements = [...blocks, ...tables, ...phrases, ...scripts]

const allowedAttributes = {
  a: ['href', 'title', 'rel'],
  abbr: ['title'],
  ol: ['start'],
}

// Where links may lead, besides to other places in the shop.
const allowedSchemes = ['http', 'https', 'mailto']

/** Makes HTML of any origin safe to print in a page: what is not allowed by name is not there any more. */
export function cleanHtml(html: string, ruleOf: LinkRule): string {
  return sanitizeHtml(html, {
    allowedTags: allowedElements,
    allowedAttributes,
    allowedSchemes,
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    // Browsers move what stands deeper than 512 elements, which is how scripts have got past cleaning elsewhere.
    nestingLimit: 50,
    transformTags: {
      h1: 'h2',
      a: (tagName, { href, title }) => ({ tagName, attribs: { ...ruleOf(href), ...(title && { title }) } }),
    },
  })
}
