import { type DefaultTreeAdapterMap, html, parse, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

// The allowed content of an article, repeated here on purpose: a change of the sanitizer has to be made twice.
const elements =
  'p h2 h3 h4 h5 h6 blockquote ul ol li pre hr br table thead tbody tr th td a abbr b cite code del em i ins kbd mark q s small strong sub sup'
const attributes = 'href rel start title'
const protocols = ['http:', 'https:', 'mailto:']

/** The content of HTML, parsed as by browsers, that is not allowed in an article. */
export function faultsIn(content: string | Element): string[] {
  const root = typeof content === 'string' ? parseFragment(content) : content
  return root.childNodes.flatMap(faultsOf)
}

/** The article in a page, and the rest of the page without it. */
export function splitPage(page: string): { article: Element; rest: string[] } {
  const document = parse(page)
  const article = walk(document).find((node): node is Element => 'attrs' in node && classOf(node) === 'prose')
  if (!article) throw new Error('this page has no article')
  const content = { ...article, childNodes: article.childNodes }
  article.childNodes = []
  return { article: content, rest: walk(document).map(nameOf) }
}

function faultsOf(node: Node): string[] {
  if (node.nodeName === '#text') return []
  if (!('tagName' in node)) return [nameOf(node)]
  const isAllowed = node.namespaceURI === html.NS.HTML && elements.split(' ').includes(node.tagName)
  return [...(isAllowed ? [] : [nameOf(node)]), ...node.attrs.flatMap(attributeFaultsOf), ...faultsIn(node)]
}

function attributeFaultsOf({ name, value }: { name: string; value: string }): string[] {
  if (!attributes.split(' ').includes(name)) return [`${name}="${value}"`]
  if (name !== 'href') return []
  const url = URL.parse(value, 'http://localhost:5000/articles/1')
  return url && protocols.includes(url.protocol) ? [] : [`a link to ${value}`]
}

function walk(node: Node): Node[] {
  return [node, ...('childNodes' in node ? node.childNodes.flatMap(walk) : [])]
}

function classOf({ attrs }: Element): string | undefined {
  return attrs.find(({ name }) => name === 'class')?.value
}

function nameOf(node: Node): string {
  if (!('tagName' in node)) return 'value' in node ? node.value : node.nodeName
  return `${node.tagName} ${node.attrs.map(({ name, value }) => `${name}=${value}`).join(' ')}`
}
