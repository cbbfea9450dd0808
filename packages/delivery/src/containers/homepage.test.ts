import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { findHomepageProblems } from './homepage.ts'

const title = '<title>Online Books For You</title>'
const three = '<li>1</li><li>2</li><li>3</li><li class="more">All</li>'
let server: Server | undefined
afterEach(() => void server?.close())

describe('the front page', () => {
  it('is right with its title and exactly three plain items', async () => {
    expect(await findHomepageProblems(await serve(200, title + three))).toEqual([])
  })

  it.each([
    ['the front page has 4 plain <li>, not 3', 200, `${title}${three}<li>4</li>`],
    ['the front page has another title', 200, three],
    ['the front page has the status 500', 500, title + three],
  ])('is wrong where %s', async (problem, status, page) => {
    expect(await findHomepageProblems(await serve(status, page))).toEqual([problem])
  })

  it('is not where the server does not answer', async () => {
    const url = await serve(200, title)
    server?.close()

    expect(await findHomepageProblems(url)).toEqual([expect.stringContaining('the front page does not open')])
  })
})

async function serve(status: number, page: string): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status, { connection: 'close' }).end(page))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
