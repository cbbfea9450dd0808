import { describe, expect, it } from '@jest/globals'
import { openShop } from '../shop.fixture.ts'
import { paths, routes } from './paths.ts'

describe('the routes of the shop', () => {
  it('are those of the map, and no others', async () => {
    const { app, close } = await openShop({ MAILBOX_DIR: '/nowhere' })

    const missing = Object.values(routes).filter(
      (url) => !app.hasRoute({ method: 'GET', url }) && !app.hasRoute({ method: 'POST', url }),
    )
    const registered = app.printRoutes({ commonPrefix: false }).match(/\((GET|POST)/g)
    await close()

    expect(missing).toEqual([])
    expect(registered).toHaveLength(Object.keys(routes).length)
  })
})

describe('a link', () => {
  it.each([
    [paths.category('mystery'), '/categories/mystery'],
    [paths.category('mystery', { sort: 'price', page: 2 }), '/categories/mystery?sort=price&page=2'],
    [paths.search({ q: 'a & b', page: 1 }), '/search?q=a+%26+b'],
    [paths.preferenceOfBook(5), '/taste/books/5'],
  ])('has its parameters, and no page number for the first page: %s', (link, expected) => {
    expect(link).toBe(expected)
  })
})
