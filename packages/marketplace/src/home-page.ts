import { type BookRecommendation, bookCategoryToJSON } from '@books/proto'
import Handlebars from 'handlebars'
import { categoryNameOf } from './category-names.ts'
import { drawCover } from './cover/cover.ts'

/** The front page as its template takes it. */
export interface HomePage {
  title: string
  heading: string
  picks: HomePick[]
  /** Said in place of picks where there are none. */
  notice: string | undefined
}

interface HomePick {
  id: number
  title: string
  author: string
  categoryName: string
  cover: Handlebars.SafeString
}

/** The front page with these books; without them (undefined) it says so and opens all the same. */
export function homePage(books: readonly BookRecommendation[] | undefined): HomePage {
  return {
    title: 'Online Books For You',
    heading: 'Mystery books you may like',
    picks: (books ?? []).map(toPick),
    notice: noticeOf(books),
  }
}

function noticeOf(books: readonly BookRecommendation[] | undefined): string | undefined {
  if (!books) return 'We cannot reach our recommendations just now. Please look in again in a moment.'
  return books.length === 0 ? 'The mystery shelf is empty just now.' : undefined
}

function toPick({ id, title, author, category }: BookRecommendation): HomePick {
  const cover = drawCover({ title, author, category: bookCategoryToJSON(category) })
  return { id, title, author, categoryName: categoryNameOf(category), cover: new Handlebars.SafeString(cover) }
}
