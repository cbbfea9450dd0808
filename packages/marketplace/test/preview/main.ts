import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadCatalogue } from '@books/catalogue'
import { drawCover } from '@books/covers'
import { runCommand } from '@books/runtime/commands'

const help = `Draws assets/preview.png, the picture that other sites show beside a link to the shop: three books, 1200 by 630.

  draw-preview [--chromium <file>]

  --chromium  the browser (default: chromium)`

const titles = ['The Hound of the Baskervilles', 'The Hobbit', "Charlotte's Web"]
const assets = new URL('../../assets/', import.meta.url)

const layout = `
  body { display: block; height: 630px; min-height: 0; overflow: hidden; font-size: 32px }
  header { display: flex; align-items: baseline; justify-content: space-between; padding: 60px 78px 0 }
  header p { color: var(--faded); font-style: italic }
  header .shop-name { color: var(--ink); font-size: 88px; font-style: normal }
  .three { position: absolute; right: 0; bottom: 52px; left: 0; display: grid; grid-template-columns: repeat(3, 1fr) }
  .three .cover { width: 244px; margin-inline: auto }`

await runCommand({
  help,
  options: { chromium: { type: 'string', default: 'chromium' } },
  async run({ values }) {
    const folder = mkdtempSync(join(tmpdir(), 'preview-'))
    const page = join(folder, 'preview.html')
    const picture = fileURLToPath(new URL('preview.png', assets))
    writeFileSync(page, previewPage())
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=1200,630']
    await promisify(execFile)(values.chromium, [...flags, `--screenshot=${picture}`, page])
    rmSync(folder, { recursive: true })
  },
})

function previewPage(): string {
  const styles = ['base', 'frame', 'shelf'].map((name) => readFileSync(new URL(`styles/${name}.css`, assets), 'utf8'))
  const books = titles.map((title) => loadCatalogue().find((book) => book.title === title)!)
  const boards = books.map((book) => `<div class="board"><div class="cover">${drawCover(book)}</div></div>`)
  return `<!doctype html>
    <meta charset="utf-8">
    <style>${styles.join('')}${layout}</style>
    <header><p class="shop-name">Books</p><p>A small bookshop, open at any hour</p></header>
    <div class="three">${boards.join('')}</div>`
}
