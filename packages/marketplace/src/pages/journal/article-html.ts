import { LRUCache } from 'lru-cache'
import { paths } from '../paths.ts'
import { cleanHtml, type LinkRule } from './clean-html.ts'
import { renderMarkdown } from './markdown.ts'

/** Turns the Markdown of articles into HTML that is safe to print, and remembers it while it is asked for. */
export interface ArticleHtml {
  /** For a page of the shop: links to its other pages are without its address. */
  forPage(markdown: string): string
  /** For elsewhere, such as a feed: every link is complete. */
  forElsewhere(markdown: string): string
}

const rememberedCharacters = 4_000_000

/** Makes articles ready to print; `publicUrl` tells the shop's own pages from those of others. */
export function createArticleHtml(publicUrl: string): ArticleHtml {
  const forPage = remembering(linkRule(publicUrl, ''))
  const forElsewhere = remembering(linkRule(publicUrl, publicUrl))
  return { forPage, forElsewhere }
}

function remembering(rule: LinkRule): (markdown: string) => string {
  const known = new LRUCache<string, string>({
    maxSize: rememberedCharacters,
    sizeCalculation: (html, markdown) => html.length + markdown.length + 1,
    memoMethod: (markdown) => cleanHtml(renderMarkdown(markdown), rule),
  })
  return (markdown) => known.memo(markdown)
}

/** Links as browsers read them, not as they are written: one that leads out of the shop does not speak for it. */
function linkRule(publicUrl: string, root: string): LinkRule {
  const { href: base, origin: shop } = new URL(`${paths.articles()}/`, publicUrl)
  return (href) => {
    const url = href ? URL.parse(href, base)?.href : undefined
    if (url === undefined) return {}
    if (!url.startsWith(`${shop}/`)) return { href: url, rel: 'nofollow noopener' }
    // A path that begins with two slashes would name another site.
    return { href: root + url.slice(shop.length).replace(/^\/+/, '/') }
  }
}
