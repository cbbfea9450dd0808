import { SaxesParser } from 'saxes'

/** A parsed feed. */
export interface Feed {
  fields: Record<string, string>
  links: Record<string, string>
  entries: (Record<string, string> & { content: string; link: string })[]
}

/** Parses an Atom feed; throws where it is not well-formed, or not Atom. */
export function readAtom(xml: string): Feed {
  const feed: Feed = { fields: {}, links: {}, entries: [] }
  const open: string[] = []
  let text = ''
  const target = () => (open[1] === 'entry' ? feed.entries.at(-1)! : feed.fields)

  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (uri !== 'http://www.w3.org/2005/Atom') throw new Error(`<${local}> is not Atom`)
    open.push(local)
    text = ''
    const [rel = '', href = '', type = ''] = ['rel', 'href', 'type'].map((name) => attributes[name]?.value)
    if (local === 'entry') feed.entries.push({ content: '', link: '' })
    if (local === 'link' && open[1] === 'entry') target()['link'] = href
    if (local === 'link' && open[1] === 'link') feed.links[rel] = href
    if (local === 'content') target()['contentType'] = type
  })
  parser.on('text', (part) => {
    text += part
  })
  parser.on('closetag', ({ local }) => {
    // The author's name is an element inside the author.
    if (text.trim() !== '' && open.length > 1) target()[local === 'name' ? 'author' : local] = text
    open.pop()
    text = ''
  })
  parser.write(xml).close()
  return feed
}
