import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md'], { cwd: root })

describe('the links of', () => {
  it.each(pages)('%s lead to files and headings that exist', (page) => {
    const links = linksOf(withoutCode(read(page))).filter((link) => !/^[a-z]+:/.test(link))

    expect(links.filter((link) => !exists(page, link))).toEqual([])
  })
})

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```/g, '')
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
}

function exists(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return heading === undefined || anchorsOf(withoutCode(read(target))).includes(heading)
}

/** The anchors of headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
