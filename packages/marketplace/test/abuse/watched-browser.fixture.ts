import type { Browser } from 'playwright-core'

/** A page to open, and the values of the visitor's cookies. */
export interface Visit {
  path: string
  preferences?: string
  session?: string
}

/** The HTML of a page. */
export interface Answer {
  path: string
  html: string
}

/** A browser that reports injected scripts that run, and elements or attributes that could run one. */
export interface WatchedBrowser {
  /** Opens a page of the shop, and returns the reports. */
  visit(visit: Visit): Promise<string[]>
  /** Opens several answers in frames of one page, which is faster, and returns the reports. */
  show(answers: readonly Answer[]): Promise<string[]>
}

/** Part of every injected text: a page without it is reported, too. */
export const marker = 'injected'

// Reports scripts that run, violations of the policy, and requests to other sites.
const listen = `
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    window[name] = (which) => notice('script ' + which + ' ran')
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    notice('the policy was needed: ' + [violatedDirective, blockedURI, sample].join(' ')))`

// Pages have none of these elements but for a few, and no attribute with a script.
const search = `
  window.search = (page) => {
    if (!page.documentElement.outerHTML.includes('${marker}')) return ['the injected text is missing']
    // Browsers show other types in documents of their own.
    if (page.contentType !== 'text/html') return [...page.querySelectorAll('script')].map(() => '<script>')
    const strange = new Set(('script style iframe frame frameset object embed applet base img image picture video audio ' +
      'source track math template noscript textarea select details dialog marquee portal plaintext xmp noembed noframes ' +
      'foreignObject animate set use map area canvas').split(' '))
    // Data of a book, and fields of forms.
    const known = 'script[type="application/ld+json"], .field > textarea, .field > select'
    const isStrange = (element) => (strange.has(element.localName) && !element.matches(known)) || element.hasAttribute('http-equiv') ||
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

/** Opens a browser whose frames are under the policy of the shop's pages, or under none, so that only escaping protects them. */
export async function watchBrowser(browser: Browser, url: string, hasPolicy: boolean): Promise<WatchedBrowser> {
  const context = await browser.newContext({ bypassCSP: !hasPolicy })
  const noticed: string[] = []
  await context.exposeBinding('notice', (_source, what) => noticed.push(what))
  await context.addInitScript({ content: listen + search })
  context.on('request', (request) => {
    if (new URL(request.url()).hostname.endsWith('evil.example')) noticed.push(`${request.url()} was requested`)
  })
  const tab = await context.newPage()

  async function look(path: string, script: string): Promise<string[]> {
    await tab.goto(url + path)
    const found = await tab.evaluate<string[]>(script)
    return [...found, ...noticed.splice(0)]
  }

  return {
    async visit({ path, preferences, session }) {
      if (session) await context.addCookies([{ name: 'session-5000', value: session, url }])
      if (preferences) await context.addCookies([{ name: 'taste-5000', value: preferences, url }])
      return look(path, 'search(document)')
    },
    show: (answers) => look('/taste', showing(answers)),
  }
}
