import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Article, Draft } from './article.ts'
import type { Span } from './page.ts'
import type { Tables } from './tables.ts'

/** What became of a draft. */
export interface Published {
  id: number
  title: string
  /** Whether there was no article of this name before. */
  isNew: boolean
}

/** The journal, as the database keeps it. */
export interface ArticleStore {
  /** Puts the drafts in, in their order, if there are no articles yet; several processes may do so at once. */
  fill(drafts: readonly Draft[]): Promise<void>
  /** Adds drafts, or updates the articles of their names, all of them or none. Without a time it is now, or as it was. */
  publish(drafts: readonly Draft[]): Promise<Published[]>
  /** A part of the journal, the newest article first, and how many there are in all. */
  listArticles(span: Span): Promise<{ articles: Article[]; total: number }>
  findArticle(id: number): Promise<Article | undefined>
}

/** Keeps the journal in the service's own tables. */
export function createArticleStore(tables: Kysely<Tables>): ArticleStore {
  return {
    fill: (drafts) =>
      inTurn(tables, async (transaction) => {
        const any = await transaction.selectFrom('articles').select('id').limit(1).executeTakeFirst()
        if (any) return
        for (const draft of drafts) await insert(transaction, draft)
      }),

    publish: (drafts) =>
      inTurn(tables, async (transaction) => {
        const published: Published[] = []
        for (const draft of drafts) {
          const { title } = draft
          const updated = await update(transaction, draft)
          published.push({ ...(updated ?? (await insert(transaction, draft))), title, isNew: !updated })
        }
        return published
      }),

    async listArticles({ offset, limit }) {
      const counted = await tables
        .selectFrom('articles')
        .select(({ fn }) => fn.countAll().as('total'))
        .executeTakeFirstOrThrow()
      const total = Number(counted.total)
      // Past the end the database would walk through everything to find nothing.
      if (offset >= total) return { articles: [], total }

      const rows = await tables
        .selectFrom('articles')
        .selectAll()
        .orderBy('create_time', 'desc')
        .orderBy('id', 'desc')
        .offset(offset)
        .limit(limit)
        .execute()
      return { articles: rows.map(toArticle), total }
    },

    async findArticle(id) {
      const row = await tables.selectFrom('articles').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toArticle(row)
    },
  }
}

// Who writes waits for others who write: there is no row to lock where there is no article yet.
function inTurn<Result>(
  tables: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return tables.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext('articles'))`.execute(transaction)
    return work(transaction)
  })
}

function update(transaction: Transaction<Tables>, { slug, createTime, ...texts }: Draft) {
  return transaction
    .updateTable('articles')
    .set({ ...texts, ...(createTime && { create_time: createTime }) })
    .where('slug', '=', slug)
    .returning('id')
    .executeTakeFirst()
}

function insert(transaction: Transaction<Tables>, { createTime, ...texts }: Draft) {
  return transaction
    .insertInto('articles')
    .values({ ...texts, ...(createTime && { create_time: createTime }) })
    .returning('id')
    .executeTakeFirstOrThrow()
}

function toArticle({ id, title, author, summary, content, create_time }: Selectable<Tables['articles']>): Article {
  return { id, title, author, summary, content, createTime: create_time }
}
