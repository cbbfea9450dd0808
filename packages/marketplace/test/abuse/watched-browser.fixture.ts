import type { Browser } from 'playwright-core'

/** A page to open, and what the preferences cookie says to it. */
export interface Visit {
  path: string
  preferences?: string
}

/** A page and what the shop answers for it. */
export interface Answer {
  path: string
  html: string
}

/** A browser that notices whatever a smuggled script would do, and where one could begin. */
export interface WatchedBrowser {
  /** Opens a page of the shop by its address, and tells what was noticed. */
  visit(visit: Visit): Promise<string[]>
  /** Opens answers of the shop in frames of one page, which is faster, and tells what was noticed in any of them. */
  show(answers: readonly Answer[]): Promise<string[]>
}

/** What stands in every text that is smuggled: a page that lacks it is noticed, too. */
export const marker = 'smuggled'

// A script runs, the policy has to step in, or something is asked of a stranger.
const listen = `
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    window[name] = (which) => notice('script ' + which + ' ran')
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    notice('the policy was needed: ' + [violatedDirective, blockedURI, sample].join(' ')))`

// Pages have none of these elements, and in none of their attributes a script.
const search = `
  window.search = (page) => {
    if (!page.documentElement.outerHTML.includes('${marker}')) return ['what was smuggled is not here']
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

const showing = (answers: readonly Answer[]) => `(async () => {
  const found = []
  const queue = ${JSON.stringify(answers)}.values()
  const show = async () => {
    for (const { path, html } of queue) {
      const frame = document.createElement('iframe')
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      frame.srcdoc = html
      document.body.append(frame)
      await loaded
      found.push(...search(frame.contentDocument).map((what) => path + ': ' + what))
      frame.remove()
    }
  }
  await Promise.all(Array.from({ length: 8 }, show))
  return found
})()`

/**
 * Opens a page of a shop that others are shown in, under its policy as if they were opened by themselves. A browser that
 * does not heed policies shows them under none, so that nothing but escaping is in the way.
 */
export async function watchBrowser(browser: Browser, url: string, heedsPolicy: boolean): Promise<WatchedBrowser> {
  const context = await browser.newContext({ bypassCSP: !heedsPolicy })
  const noticed: string[] = []
  await context.exposeBinding('notice', (_source, what) => noticed.push(what))
  await context.addInitScript({ content: listen + search })
  context.on('request', (request) => {
    if (new URL(request.url()).hostname.endsWith('evil.example')) noticed.push(`${request.url()} was asked for`)
  })
  const tab = await context.newPage()

  async function look(path: string, script: string): Promise<string[]> {
    await tab.goto(url + path)
    const found = await tab.evaluate<string[]>(script)
    return [...found, ...noticed.splice(0)]
  }

  return {
    async visit({ path, preferences }) {
      if (preferences) await context.addCookies([{ name: 'taste', value: preferences, url }])
      return look(path, 'search(document)')
    },
    show: (answers) => look('/taste', showing(answers)),
  }
}
