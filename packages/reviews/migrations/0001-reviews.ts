import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // What this service follows: books of inventory, and deleted readers of accounts.
  await db.schema
    .createTable('followed')
    .addColumn('source', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('is_complete', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
  await sql`insert into reviews.followed (source) values ('inventory'), ('accounts')`.execute(db)

  await db.schema
    .createTable('books')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('category', 'integer', (column) => column.notNull())
    .execute()

  await db.schema
    .createTable('readers')
    .addColumn('reader_id', 'integer', (column) => column.primaryKey())
    .addColumn('recent_ms', sql`double precision[]`, (column) => column.notNull().defaultTo('{}'))
    .addColumn('is_deleted', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()

  await db.schema
    .createTable('reviews')
    .addColumn('id', 'text', (column) => column.primaryKey())
    // Grows from review to review: the order of equal values, and of pages.
    .addColumn('number', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('book_id', 'integer', (column) => column.notNull())
    // Null for a sample, and where the account was deleted.
    .addColumn('reader_id', 'integer')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('stars', 'integer', (column) => column.notNull().check(sql`stars between 1 and 5`))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    // Null until transactions has told.
    .addColumn('bought_here', 'boolean')
    .addColumn('is_sample', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('helpful', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('not_helpful', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('helpfulness', 'double precision', (column) => column.notNull().defaultTo(0))
    .addColumn('written_at', 'timestamptz', (column) => column.notNull())
    .addColumn('changed_at', 'timestamptz')
    .addColumn('state', 'text', (column) =>
      column.notNull().defaultTo('shown').check(sql`state in ('shown', 'reported', 'hidden')`),
    )
    // Since when it waits for a decision; null where it does not.
    .addColumn('reported_at', 'timestamptz')
    .addColumn('is_listed', 'boolean', (column) =>
      column.notNull().generatedAlwaysAs(sql`state = 'shown' and text <> ''`).stored(),
    )
    .addUniqueConstraint('one_review_of_a_reader', ['book_id', 'reader_id'])
    .execute()

  // One for each order of a page: all columns ascend or all descend, so a page begins where the one before ended.
  const keys = {
    newest: '',
    helpful: 'helpfulness,',
    highest: 'stars,',
    lowest: '(-stars),',
    helpful_of_stars: 'stars, helpfulness,',
  }
  for (const [name, columns] of Object.entries(keys)) {
    await sql`
      create index ${sql.raw(`reviews_${name}`)} on reviews.reviews (book_id, ${sql.raw(columns)} number) where is_listed
    `.execute(db)
  }
  await sql`create index reviews_of_reader on reviews.reviews (reader_id, number) where reader_id is not null`.execute(
    db,
  )
  await sql`create index reviews_reported on reviews.reviews (reported_at, number) where reported_at is not null`.execute(
    db,
  )
  await sql`create index reviews_samples on reviews.reviews (book_id) where is_sample`.execute(db)
  await sql`create index reviews_to_look_up on reviews.reviews (number) where bought_here is null`.execute(db)

  await db.schema
    .createTable('votes')
    .addColumn('review_id', 'text', (column) => column.notNull().references('reviews.id').onDelete('cascade'))
    // Null where the account was deleted: its vote still counts.
    .addColumn('reader_id', 'integer')
    .addColumn('is_helpful', 'boolean', (column) => column.notNull())
    .addUniqueConstraint('one_vote_of_a_reader', ['review_id', 'reader_id'])
    .execute()
  await sql`create index votes_of_reader on reviews.votes (reader_id) where reader_id is not null`.execute(db)

  await db.schema
    .createTable('reports')
    .addColumn('review_id', 'text', (column) => column.notNull().references('reviews.id').onDelete('cascade'))
    .addColumn('reader_id', 'integer')
    .addColumn('reason', 'integer', (column) => column.notNull())
    .addColumn('comment', 'text', (column) => column.notNull())
    .addColumn('reported_at', 'timestamptz', (column) => column.notNull())
    .addColumn('is_decided', 'boolean', (column) => column.notNull().defaultTo(false))
    .addUniqueConstraint('one_report_of_a_reader', ['review_id', 'reader_id'])
    .execute()
  await sql`create index reports_of_reader on reviews.reports (reader_id) where reader_id is not null`.execute(db)

  await db.schema
    .createTable('ratings')
    .addColumn('book_id', 'integer', (column) => column.primaryKey())
    // How many gave 1, 2, 3, 4 and 5 stars.
    .addColumn('histogram', sql`integer[]`, (column) => column.notNull().check(sql`0 <= all (histogram)`))
    .addColumn('count', 'integer', (column) =>
      column
        .notNull()
        .generatedAlwaysAs(sql`histogram[1] + histogram[2] + histogram[3] + histogram[4] + histogram[5]`)
        .stored(),
    )
    .addColumn('sum', 'integer', (column) =>
      column
        .notNull()
        .generatedAlwaysAs(
          sql`histogram[1] + 2 * histogram[2] + 3 * histogram[3] + 4 * histogram[4] + 5 * histogram[5]`,
        )
        .stored(),
    )
    .execute()

  await sql`create sequence reviews.rating_revisions as integer`.execute(db)
  await db.schema
    .createTable('reader_ratings')
    .addColumn('reader_id', 'integer', (column) => column.notNull())
    .addColumn('book_id', 'integer', (column) => column.notNull())
    // 0 where it was taken back.
    .addColumn('stars', 'integer', (column) => column.notNull())
    .addColumn('rated_at', 'timestamptz', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull().unique())
    .addColumn('was_hidden', 'boolean', (column) => column.notNull().defaultTo(false))
    .addPrimaryKeyConstraint('reader_ratings_pkey', ['reader_id', 'book_id'])
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['reader_ratings', 'ratings', 'reports', 'votes', 'reviews', 'readers', 'books', 'followed']) {
    await db.schema.dropTable(table).execute()
  }
  await sql`drop sequence reviews.rating_revisions`.execute(db)
}
