import { describe, expect, it } from '@jest/globals'
import { drawCover } from './cover.ts'
import { genrePalettes, plainPalettes } from './palettes.ts'
import { fitText } from './text-fit.ts'

const falcon = { title: 'The Maltese Falcon', author: 'Dashiell Hammett', category: 'MYSTERY' }
const genres = Object.keys(genrePalettes)
const longWord = 'W'.repeat(120)
const longTitle = 'The extraordinary adventures of a lady who would not be told '.repeat(2).slice(0, 120)

describe('drawCover', () => {
  it('draws the same book the same way every time', () => {
    expect(drawCover({ ...falcon })).toBe(drawCover(falcon))
  })

  it.each(['title', 'author'] as const)('draws many pictures for books that differ only in the %s', (part) => {
    const covers = Array.from({ length: 40 }, (_, number) => drawCover({ ...falcon, [part]: `Number ${number}` }))

    expect(new Set(covers.map(pictureOn)).size).toBeGreaterThan(25)
  })

  it('draws each genre in colours of its own', () => {
    const papers = genres.map((category) => paperOf(drawCover({ ...falcon, category })))

    expect(new Set(papers).size).toBe(genres.length)
  })

  it('prints the title and the author', () => {
    const words = wordsOn(drawCover(falcon)).join(' ').toLowerCase()

    expect(words).toContain('the maltese falcon')
    expect(words).toContain('dashiell hammett')
  })

  it('escapes what comes from outside', () => {
    const svg = drawCover({ title: `<b>"Q" & 'A'</b>`, author: '</svg><script>', category: '"><i>' })

    expect(svg).not.toMatch(/<b>|<script|<i>|&(?!#\d+;)/i)
    expect(svg.match(/<\/svg>/g)).toHaveLength(1)
  })

  it('needs nothing from the page: no ids, styles, scripts or addresses', () => {
    for (const category of [...genres, 'POETRY']) {
      expect(drawCover({ ...falcon, category })).not.toMatch(/\s(id|style|class|href)=|<(style|script|image)|url\(/i)
    }
  })

  it('is hidden from assistive technology, because the title stands beside it', () => {
    expect(drawCover(falcon)).toMatch(/^<svg [^>]*aria-hidden="true" focusable="false">/)
  })

  it.each(['V', falcon.title, longTitle, longWord, '紅樓夢', ''])('keeps the text of "%s" on the cover', (title) => {
    for (const [genre, author] of genres.flatMap(
      (each) =>
        [
          [each, falcon.author],
          [each, longWord],
        ] as const,
    )) {
      for (const { left, right, y } of linesOn(drawCover({ title, author, category: genre }))) {
        expect(left).toBeGreaterThanOrEqual(20)
        expect(right).toBeLessThanOrEqual(220)
        expect(y).toBeGreaterThan(20)
        expect(y).toBeLessThan(358)
      }
    }
  })

  it('stays below 2.5 KB for ordinary books', () => {
    const sizes = genres.flatMap((category) =>
      Array.from(
        { length: 60 },
        (_, number) => drawCover({ ...falcon, title: `The Case of the ${number} Clocks`, category }).length,
      ),
    )

    expect(Math.max(...sizes)).toBeLessThan(2500)
  })
})

describe('palettes', () => {
  it.each([...Object.entries(genrePalettes), ['plain', plainPalettes] as const])(
    'of %s set text in a contrast of at least 4.5:1',
    (_, palettes) => {
      for (const { paper, ink } of palettes) expect(contrastOf(paper, ink)).toBeGreaterThanOrEqual(4.5)
    },
  )
})

describe('fitText', () => {
  const limits = { width: 10, height: 10, largest: 10, leading: 1, widthOf: (text: string) => text.length }

  it('takes the largest size at which the text fits', () => {
    expect(fitText('a', limits)).toEqual({ size: 10, lines: ['a'] })
  })

  it('breaks lines between words and makes them even', () => {
    expect(fitText('one two three four', { ...limits, width: 150, height: 400 })).toEqual({
      size: 10,
      lines: ['one two', 'three four'],
    })
  })

  it('leaves out what finds no room at the smallest size', () => {
    expect(fitText('one two three four', { ...limits, width: 48, height: 17 }).lines).toHaveLength(2)
  })

  it('cuts a word that is too long for a line', () => {
    const { lines } = fitText('abcdefghij', { ...limits, width: 50, height: 100 })

    expect(lines.length).toBeGreaterThan(1)
    expect(lines.join('')).toBe('abcdefghij')
  })
})

/** The cover without its text. */
function pictureOn(svg: string): string {
  return svg.replace(/<g font-family.*?<\/g>/g, '')
}

function paperOf(svg: string): string | undefined {
  return /<rect [^>]*fill="([^"]+)"/.exec(svg)?.[1]
}

function wordsOn(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, words = '']) => words)
}

function linesOn(svg: string): { left: number; right: number; y: number }[] {
  return [...svg.matchAll(/<g [^>]*text-anchor="(\w+)">(.*?)<\/g>/g)].flatMap(([, anchor, lines = '']) =>
    [...lines.matchAll(/x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"/g)].map(([, x, y, length]) => {
      const left = anchor === 'middle' ? Number(x) - Number(length) / 2 : Number(x)
      return { left, right: left + Number(length), y: Number(y) }
    }),
  )
}

/** The contrast ratio of WCAG 2.2. */
function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
