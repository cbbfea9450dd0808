import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import type { MailContent } from './mail-content.ts'

const handlebars = Handlebars.create()
const readTemplate = (name: string) => readFileSync(new URL(`../templates/${name}`, import.meta.url), 'utf8')
const html = handlebars.compile<MailContent>(readTemplate('mail.html.hbs'))
const text = handlebars.compile<MailContent>(readTemplate('mail.text.hbs'), { noEscape: true })

/** The two parts of a mail: HTML that loads nothing, and text that says the same. */
export function renderMail(content: MailContent): { html: string; text: string } {
  const { action } = content
  if (action && !/^https?:\/\/\S+$/.test(action.url))
    throw new TypeError('the action of a mail needs a URL of http or https')
  return { html: html(content), text: `${text(content).trim()}\n` }
}
