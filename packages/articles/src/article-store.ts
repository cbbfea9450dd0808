import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Article, Draft } from './article.ts'
import type { Span } from './page.ts'
import type { Tables } from './tables.ts'

/** The result of publishing a draft. */
export interface Published {
  id: number
  title: string
  /** Whether the article is new rather than updated. */
  isNew: boolean
}

/** The journal in the database. */
export interface ArticleStore {
  /** Adds the drafts in order if there are no articles yet; several processes may do so at once. */
  fill(drafts: readonly Draft[]): Promise<void>
  /** Adds drafts, or updates the articles of the same slug, all or none. Without a time: now, or unchanged. */
  publish(drafts: readonly Draft[]): Promise<Published[]>
  /** A part of the journal, the newest article first, and the total. */
  listArticles(span: Span): Promise<{ articles: Article[]; total: number }>
  findArticle(id: number): Promise<Article | undefined>
}

/** Stores the journal in the service's own tables. */
export function createArticleStore(tables: Kysely<Tables>): ArticleStore {
  return {
    fill: (drafts) =>
      exclusively(tables, async (transaction) => {
        const any = await transaction.selectFrom('articles').select('id').limit(1).executeTakeFirst()
        if (any) return
        for (const draft of drafts) await insert(transaction, draft)
      }),

    publish: (drafts) =>
      exclusively(tables, async (transaction) => {
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
      // Past the end the database would scan all rows to find nothing.
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

// Serializes writers by an advisory lock, as a new article has no row to lock.
function exclusively<Result>(
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
