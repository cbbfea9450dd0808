import { describe, expect, it } from '@jest/globals'
import { receipt } from './mail-content.fixture.ts'
import { renderMail } from './render-mail.ts'

describe('a mail', () => {
  it('says the same as text', () => {
    expect(renderMail(receipt).text).toBe(`Thank you for your order

We pack it today.

It comes in two days.

2 × Dune: £17.98
Total: £17.98

See your order:
https://books.example/orders/7?key=a&b=c

-- 
Books
You get this because you ordered at Books.
`)
  })

  it('leaves out what it does not have', () => {
    const { html, text } = renderMail({ subject: 'Hello', title: 'Hello', paragraphs: [] })

    expect(text).toBe('Hello\n\n-- \nBooks\n')
    expect(html).not.toMatch(/<h1[^>]*>Hello<\/h1>[^]*<(p|a|th)\b/)
  })

  it('escapes what it is given in HTML, and not in text', () => {
    const evil = '<img src=x onerror=alert(1)> & "co"'
    const { html, text } = renderMail({
      subject: evil,
      title: evil,
      paragraphs: [evil],
      lines: [{ label: evil, value: evil }],
      action: { label: evil, url: 'https://books.example/?a="><script>alert(1)</script>' },
      footer: evil,
    })

    expect(html).not.toMatch(/<(img|script)/)
    expect(html.match(/&lt;img src&#x3D;x onerror/g)).toHaveLength(7)
    expect(text.split(evil)).toHaveLength(7)
  })

  it('loads nothing from anywhere', () => {
    expect(renderMail(receipt).html).not.toMatch(/\b(src|srcset|background)=|url\(|@import|<link/)
  })

  it.each(['javascript:alert(1)', 'data:text/html,a', '/orders/7', 'https://a b'])(
    'has no action with the URL %s',
    (url) => {
      expect(() => renderMail({ ...receipt, action: { label: 'Open', url } })).toThrow('needs a URL of http or https')
    },
  )
})
