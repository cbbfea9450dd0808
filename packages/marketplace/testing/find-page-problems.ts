import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const artefacts = fileURLToPath(new URL('../../../artefacts/', import.meta.url))
const widths = [360, 768, 1440]

/** What is wrong with a page. */
export interface PageProblems {
  /** What axe finds, each with where it is. */
  violations: string[]
  /** The widths at which the page is wider than its window. */
  overflows: string[]
}

/** Looks at an open page with axe, and at three widths, with a screenshot of each in the folder `artefacts`. */
export async function findPageProblems(page: Page, name: string, colorScheme: string): Promise<PageProblems> {
  mkdirSync(artefacts, { recursive: true })
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  const overflows: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    if ((await overflowOf(page)) > 0) overflows.push(`${name} at ${width}`)
    await page.screenshot({ path: `${artefacts}${name}-${width}-${colorScheme}.png`, fullPage: true })
  }
  return {
    violations: violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)),
    overflows,
  }
}

function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
