import { beforeEach, expect, it } from '@jest/globals'
import Handlebars from 'handlebars'
import { createMemoizedBlock } from './memoized-block.ts'

let rendered: string[]
let render: (page: object) => string
beforeEach(() => {
  rendered = []
  const handlebars = Handlebars.create()
  handlebars.registerHelper('memoized', createMemoizedBlock())
  handlebars.registerHelper('note', (title: string) => {
    rendered.push(title)
    return title
  })
  const template = '{{#each cards}}{{#memoized "card"}}<b>{{note title}}</b>{{/memoized}}{{/each}}'
  const other = '{{#each picks}}{{#memoized "pick"}}<i>{{note title}}</i>{{/memoized}}{{/each}}'
  render = handlebars.compile(template + other)
})

it('renders its block once for each object', () => {
  const [dune, emma] = [{ title: 'Dune' }, { title: 'Emma' }]

  const pages = [render({ cards: [dune, emma] }), render({ cards: [emma, dune] })]

  expect(pages).toEqual(['<b>Dune</b><b>Emma</b>', '<b>Emma</b><b>Dune</b>'])
  expect(rendered).toEqual(['Dune', 'Emma'])
})

it('renders an equal object anew, and another block of the same object', () => {
  const dune = { title: 'Dune' }

  const page = render({ cards: [dune, { ...dune }], picks: [dune] })

  expect(page).toBe('<b>Dune</b><b>Dune</b><i>Dune</i>')
  expect(rendered).toEqual(['Dune', 'Dune', 'Dune'])
})

it('keeps what is escaped', () => {
  const love = { title: 'Love & <i>Friendship</i>' }

  const pages = [render({ cards: [love] }), render({ cards: [love] })]

  expect(pages[0]).toBe('<b>Love &amp; &lt;i&gt;Friendship&lt;/i&gt;</b>')
  expect(pages[1]).toBe(pages[0])
})
