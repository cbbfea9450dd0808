import { type DefaultTreeAdapterMap, html, parse, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

// What may stand in an article, said once more: whoever allows more in the code has to say why here as well.
const elements =
  'p h2 h3 h4 h5 h6 blockquote ul ol li pre hr br table thead tbody tr th td a abbr b cite code del em i ins kbd mark q s small strong sub sup'
const attributes = 'href rel start title'
const protocols = ['http:', 'https:', 'mailto:']

/** What there is in HTML, read as browsers read it, that must not be in an article. */
export function faultsIn(content: string | Element): string[] {
  const root = typeof content === 'string' ? parseFragment(content) : content
  return root.childNodes.flatMap(faultsOf)
}

/** The article in a page, and the rest of the page with its place left empty. */
export function splitPage(page: string): { article: Element; rest: string[] } {
  const document = parse(page)
  const article = walk(document).find((node): node is Element => 'attrs' in node && classOf(node) === 'prose')
  if (!article) throw new Error('there is no article on this page')
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
