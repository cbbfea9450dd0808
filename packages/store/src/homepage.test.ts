import { findBrowser, type ProcessUnderTest, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { services } from './services.ts'
import { addressOf, openStore } from './store.fixture.ts'

const executable = findBrowser()

let store: ProcessUnderTest
let url: string
beforeAll(async () => {
  store = openStore()
  url = await addressOf(store)
})
afterAll(async () => {
  store?.child.kill()
  await store?.ended
})

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('the homepage of the whole store, in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser(executable ?? '')
  })
  afterAll(() => browser?.close())

  it('shows three mysteries that came from the recommendations service', async () => {
    const page = await browser.newPage()
    await page.goto(url)

    expect(await page.title()).toBe('Online Books For You')
    expect(await page.getByRole('heading', { name: 'Mystery books you may like' }).count()).toBe(1)
    const items = await page
      .locator('li')
      .evaluateAll((all) => all.filter((item) => item.attributes.length === 0).length)
    expect(items).toBe(3)
    expect(await page.locator('.picks svg').count()).toBe(3)
    expect(await page.locator('.picks .shelf-name').allTextContents()).toEqual(['Mystery', 'Mystery', 'Mystery'])
  })

  it('makes no request to another origin, and the browser logs no problem', async () => {
    const page = await browser.newPage()
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('response', (response) => response.ok() || complaints.push(`${response.status()} ${response.url()}`))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))

    await page.goto(url, { waitUntil: 'networkidle' })

    expect(asked.filter((address) => !address.startsWith(url))).toEqual([])
    expect(complaints).toEqual([])
  })
})

describe('the store as a process', () => {
  it('tells how far it is, opens, and closes cleanly on Ctrl-C', async () => {
    const page = await (await fetch(url)).text()
    store.child.kill('SIGINT')

    expect(page).toContain('Online Books For You')
    const { code, stdout, stderr } = await store.ended
    expect([code, stderr]).toEqual([0, ''])
    const steps = [...stdout.matchAll(/✓ (.*) \(\d/g)].map(([, step]) => step)
    expect(steps).toEqual(['the database', ...services.map(({ name }) => name)])
    expect(stdout).toContain(`\n\nBooks is open: ${url} `)
    expect(stdout).toMatch(/Closing the store\.\nThe store is closed\.\n$/)
  })
})
