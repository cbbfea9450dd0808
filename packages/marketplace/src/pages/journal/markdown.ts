import markdownIt, { type Token } from 'markdown-it'

const markdown = markdownIt({ html: true })

// Pages load nothing from other sites, so an image is replaced by its description.
markdown.renderer.rules['image'] = (tokens, index, options, env, renderer) => {
  const description = renderer.renderInlineAsText(tokens[index]?.children ?? [], options, env)
  return description && `[${markdown.utils.escapeHtml(description)}]`
}

markdown.core.ruler.push('headings', ({ tokens }) => rankHeadings(tokens))

/**
 * Renders Markdown (CommonMark, with tables and strikethrough) for a page that has an `h1`: the highest headings of the text
 * become `h2`, the next `h3`, without gaps. HTML in the text is kept, so the result has to be sanitized.
 */
export function renderMarkdown(text: string): string {
  return markdown.render(text)
}

function rankHeadings(tokens: readonly Token[]): void {
  const headings = tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close')
  const ranks = [...new Set(headings.map(({ tag }) => tag))].sort()
  for (const heading of headings) heading.tag = `h${Math.min(ranks.indexOf(heading.tag) + 2, 6)}`
}
