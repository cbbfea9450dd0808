import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of this machine's Chromium, or of CHROMIUM; undefined where there is none. */
export function findBrowser(): string | undefined {
  const { CHROMIUM, PATH = '', CI } = process.env
  const folders = PATH.split(delimiter)
  const found =
    CHROMIUM ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file))
  if (!found && CI) throw new Error('CI needs a Chromium: without it the tests of pages are skipped')
  return found
}

/** Starts a headless browser without background connections. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  // Loaded only when needed.
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  })
}
