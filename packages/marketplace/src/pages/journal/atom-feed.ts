import { escapeXml } from '@books/covers'
import type { Article } from '@books/proto'
import { paths } from '../paths.ts'
import { readCreateTime } from './create-time.ts'

/** The content of a feed. */
export interface FeedContent {
  /** The newest first. */
  articles: readonly Article[]
  /** The shop's origin. */
  publicUrl: string
  /** Renders the Markdown of an article as HTML with absolute links. */
  htmlOf: (markdown: string) => string
}

const shopName = 'Books'

/** The journal as an Atom feed (RFC 4287). */
export function atomFeed({ articles, publicUrl, htmlOf }: FeedContent): string {
  const journal = publicUrl + paths.articles()
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    element('id', journal),
    element('title', 'The journal of Books'),
    element('subtitle', 'Notes on books and reading from a small bookshop.'),
    element('updated', timeOf(articles[0])),
    link('self', 'application/atom+xml', publicUrl + paths.articlesFeed),
    link('alternate', 'text/html', journal),
    author(shopName),
    ...articles.map((article) => entryOf(article, publicUrl + paths.article(article.id), htmlOf(article.content))),
    '</feed>\n',
  ].join('\n')
}

function entryOf(article: Article, url: string, html: string): string {
  return [
    '<entry>',
    element('id', url),
    element('title', article.title),
    // The contract has no time of the last change.
    element('updated', timeOf(article)),
    element('published', timeOf(article)),
    link('alternate', 'text/html', url),
    author(article.author || shopName),
    element('summary', article.summary),
    `<content type="html">${escapeXml(html)}</content>`,
    '</entry>',
  ].join('\n')
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`
}

function link(rel: string, type: string, href: string): string {
  return `<link rel="${rel}" type="${type}" href="${escapeXml(href)}"/>`
}

function author(name: string): string {
  return `<author>${element('name', name)}</author>`
}

// Atom requires a time for every feed and entry (RFC 4287, 4.1).
function timeOf(article: Article | undefined): string {
  return (readCreateTime(article?.createTime ?? '') ?? new Date(0)).toISOString()
}
