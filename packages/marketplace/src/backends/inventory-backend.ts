import type { Book, InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import DataLoader from 'dataloader'
import { type Answer, orNone, type Source } from './backend.ts'

type Service = Client<typeof InventoryServiceService>
type Request<Method extends 'listBooks' | 'searchBooks'> = Parameters<Service[Method]>[0]
type Response<Method extends 'listBooks' | 'searchBooks'> = Awaited<ReturnType<Service[Method]>>

/** What the shop asks the inventory. */
export interface InventorySource {
  /** A book by its id; `book` is undefined for an id that no book has. Those asked for together are fetched in one call. */
  findBook(id: number): Promise<Answer<{ book: Book | undefined }>>
  /** A page of a shelf. */
  listBooks(request: Request<'listBooks'>): Promise<Answer<Response<'listBooks'>>>
  /** The books that fit what somebody typed. */
  searchBooks(request: Request<'searchBooks'>): Promise<Answer<Response<'searchBooks'>>>
}

/** Asks the inventory through its source. */
export function createInventorySource(service: Service, source: Source): InventorySource {
  const loader = new DataLoader<number, Book | undefined>(
    async (ids) => {
      const { books, unknownIds } = await service.getBooks({ ids: [...ids] })
      const found = new Map<number, Book | undefined>(books.map((book) => [book.id, book]))
      for (const id of unknownIds) found.set(id, undefined)
      return ids.map((id) => (found.has(id) ? found.get(id) : new Error(`The inventory says nothing of book ${id}`)))
    },
    // The source remembers; this only gathers.
    { cache: false, maxBatchSize: 500 },
  )

  return {
    findBook: (id) => orNone(source.ask(`book ${id}`, async () => ({ book: await loader.load(id) }))),
    listBooks: (request) => source.ask(`list ${JSON.stringify(request)}`, () => service.listBooks(request)),
    searchBooks: (request) => source.ask(`search ${JSON.stringify(request)}`, () => service.searchBooks(request)),
  }
}
