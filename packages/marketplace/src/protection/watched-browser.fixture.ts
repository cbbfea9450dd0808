import type { Browser, Page } from 'playwright-core'

/** A page to open, and the cookies to open it with. */
export interface Visit {
  path: string
  cookies?: string
}

/** A browser that notices whatever a smuggled script would do, and where one could begin. */
export interface WatchedBrowser {
  /** Opens pages of a shop, and tells what was noticed in any of them. */
  visit(url: string, visits: readonly Visit[]): Promise<string[]>
  /** Opens them in frames that no policy guards, which is faster, and tells what was noticed in any. */
  frame(url: string, paths: readonly string[]): Promise<string[]>
  /** Opens documents in such frames, and tells what was noticed, each line beginning with the document's number. */
  show(url: string, documents: readonly string[]): Promise<string[]>
}

// A script runs, the policy has to step in, or something is asked of a stranger.
const listen = `
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    window[name] = (which) => notice('script ' + which + ' ran')
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    notice('the policy was needed: ' + [violatedDirective, blockedURI, sample].join(' ')))`

// Pages have none of these elements, and in none of their attributes a script.
const search = `
  window.search = (page) => {
    // Browsers show what is no HTML in documents of their own.
    if (page.contentType !== 'text/html') return [...page.querySelectorAll('script')].map(() => '<script>')
    const strange = new Set(('script style iframe frame frameset object embed applet base img image picture video audio ' +
      'source track math template noscript textarea select details dialog marquee portal plaintext xmp noembed noframes ' +
      'foreignObject animate set use map area canvas').split(' '))
    const isStrange = (element) => strange.has(element.localName) || element.hasAttribute('http-equiv') ||
      (element.localName === 'link' && element.rel === 'stylesheet' && !element.getAttribute('href').startsWith('/assets/'))
    const isScript = ({ name, value }) => /^(on|autofocus|formaction|srcdoc|style)/i.test(name) ||
      /^(javascript|vbscript|data|blob):/i.test(value.replace(/[\\0-\\x20]/g, ''))
    return [...page.querySelectorAll('*')].flatMap((element) => [
      ...(isStrange(element) ? ['<' + element.localName + '>'] : []),
      ...[...element.attributes].filter(isScript).map(({ name, value }) => name + '=' + value),
    ])
  }`

const framesOf = (pages: readonly { path: string; html?: string }[]) => `(async () => {
  const found = []
  const queue = ${JSON.stringify(pages)}.values()
  const openPages = async () => {
    for (const { path, html } of queue) {
      const frame = document.createElement('iframe')
      frame.srcdoc = html ?? await (await fetch(path)).text()
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
      found.push(...search(frame.contentDocument).map((what) => path + ': ' + what))
      frame.remove()
    }
  }
  await Promise.all(Array.from({ length: 8 }, openPages))
  return found
})()`

const tabCount = 4

/** Starts watching. Without a policy, the browser heeds no Content-Security-Policy: nothing but escaping is in the way. */
export async function watchBrowser(
  browser: Browser,
  { heedsPolicy }: { heedsPolicy: boolean },
): Promise<WatchedBrowser> {
  const context = await browser.newContext({ bypassCSP: !heedsPolicy })
  const noticed: string[] = []
  await context.exposeBinding('notice', ({ page }, what) => noticed.push(`${page.url()}: ${what}`))
  await context.addInitScript({ content: listen + search })
  context.on('request', (request) => {
    if (new URL(request.url()).hostname.endsWith('evil.example')) noticed.push(`${request.url()} was asked for`)
  })
  const tabs = await Promise.all(Array.from({ length: tabCount }, () => context.newPage()))

  async function look(tab: Page, script: string): Promise<void> {
    try {
      noticed.push(...(await tab.evaluate<string[]>(script)))
    } catch (error) {
      noticed.push(`a page did not stay: ${String(error)}`)
    }
  }

  async function frame(url: string, pages: readonly { path: string; html?: string }[]): Promise<string[]> {
    const [tab] = tabs
    await tab?.goto(`${url}/healthz`)
    if (tab) await look(tab, framesOf(pages))
    return noticed.splice(0)
  }

  return {
    async visit(url, visits) {
      const queue = visits.values()
      const turnPages = async (tab: Page) => {
        for (const { path, cookies } of queue) {
          if (cookies) await tab.setExtraHTTPHeaders({ cookie: cookies })
          await tab.goto(url + path)
          await look(tab, 'search(document).map((what) => location.href + ": " + what)')
        }
      }
      await Promise.all(tabs.map(turnPages))
      return noticed.splice(0)
    },
    frame: (url, paths) =>
      frame(
        url,
        paths.map((path) => ({ path })),
      ),
    show: (url, documents) =>
      frame(
        url,
        documents.map((html, index) => ({ path: String(index), html })),
      ),
  }
}
