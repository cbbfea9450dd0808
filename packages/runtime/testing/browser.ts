import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** This machine's Chromium, if it has one. CHROMIUM names another. */
export function findBrowser(): string | undefined {
  const { CHROMIUM, PATH = '', CI } = process.env
  const folders = PATH.split(delimiter)
  const found =
    CHROMIUM ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file))
  if (!found && CI) throw new Error('CI must have a Chromium: without one no page would be seen')
  return found
}

/** Starts a headless browser that talks to nobody but the pages under test. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  // Loaded by those alone who start one.
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  })
}
