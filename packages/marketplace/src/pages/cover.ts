import { type CoverText, drawCover } from '@books/covers'
import Handlebars from 'handlebars'
import { LRUCache } from 'lru-cache'

const covers = new LRUCache<string, Handlebars.SafeString, CoverText>({
  max: 2_000,
  memoMethod: (_key, _old, { context }) => new Handlebars.SafeString(drawCover(context)),
})

/** A book's cover as an SVG that templates do not escape. Cached. */
export function coverOf(text: CoverText): Handlebars.SafeString {
  return covers.memo(`${text.title}\n${text.author}\n${text.category}`, { context: text })
}
