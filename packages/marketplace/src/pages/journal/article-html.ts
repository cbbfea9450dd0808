import { LRUCache } from 'lru-cache'
import { paths } from '../paths.ts'
import { cleanHtml, type LinkRule } from './clean-html.ts'
import { renderMarkdown } from './markdown.ts'

/** Renders the Markdown of articles as sanitized HTML, and caches it. */
export interface ArticleHtml {
  /** For a page of the shop: links to other pages of it are relative. */
  forPage(markdown: string): string
  /** For other places, such as a feed: every link is absolute. */
  forFeed(markdown: string): string
}

const cachedCharacters = 4_000_000

/** Creates the renderer; `publicUrl` is the origin of the shop's own pages. */
export function createArticleHtml(publicUrl: string): ArticleHtml {
  const forPage = cachedRenderer(linkRule(publicUrl, ''))
  const forFeed = cachedRenderer(linkRule(publicUrl, publicUrl))
  return { forPage, forFeed }
}

function cachedRenderer(rule: LinkRule): (markdown: string) => string {
  const cache = new LRUCache<string, string>({
    maxSize: cachedCharacters,
    sizeCalculation: (html, markdown) => html.length + markdown.length + 1,
    memoMethod: (markdown) => cleanHtml(renderMarkdown(markdown), rule),
  })
  return (markdown) => cache.memo(markdown)
}

/** Resolves links as browsers do, and marks those to other sites `nofollow`. */
function linkRule(publicUrl: string, root: string): LinkRule {
  const { href: base, origin: shop } = new URL(`${paths.articles()}/`, publicUrl)
  return (href) => {
    const url = href ? URL.parse(href, base)?.href : undefined
    if (url === undefined) return {}
    if (!url.startsWith(`${shop}/`)) return { href: url, rel: 'nofollow noopener' }
    // A path that begins with two slashes would be a link to another site.
    return { href: root + url.slice(shop.length).replace(/^\/+/, '/') }
  }
}
