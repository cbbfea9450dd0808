import sanitizeHtml, { type Attributes } from 'sanitize-html'

/** The attributes of a link, from its `href`; without any it is not a link. */
export type LinkRule = (href: string | undefined) => Attributes

const blocks = ['p', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'hr', 'br']
const tables = ['table', 'thead', 'tbody', 'tr', 'th', 'td']
const phrases = ['a', 'abbr', 'b', 'cite', 'code', 'del', 'em', 'i', 'ins', 'kbd', 'mark', 'q', 's', 'small', 'strong']
const scripts = ['sub', 'sup']

// Any other element is replaced by its text, and scripts and styles by nothing.
const allowedElements = [...blocks, ...tables, ...phrases, ...scripts]

const allowedAttributes = {
  a: ['href', 'title', 'rel'],
  abbr: ['title'],
  ol: ['start'],
}

// Of links to other sites.
const allowedSchemes = ['http', 'https', 'mailto']

/** Sanitizes HTML: elements and attributes that are not on the lists above are removed. */
export function cleanHtml(html: string, ruleOf: LinkRule): string {
  return sanitizeHtml(html, {
    allowedTags: allowedElements,
    allowedAttributes,
    allowedSchemes,
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    // Browsers move elements nested deeper than 512, which has let scripts pass sanitizers.
    nestingLimit: 50,
    transformTags: {
      h1: 'h2',
      a: (tagName, { href, title }) => ({ tagName, attribs: { ...ruleOf(href), ...(title && { title }) } }),
    },
  })
}
