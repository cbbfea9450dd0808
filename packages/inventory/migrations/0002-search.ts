import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // The extensions are shared by all services of the database, and its owner may create them.
  await sql`create extension if not exists pg_trgm with schema public`.execute(db)
  await sql`create extension if not exists unaccent with schema public`.execute(db)
  const trigrams = await schemaOf('pg_trgm', db)
  const accents = await schemaOf('unaccent', db)

  // unaccent itself is only stable, as the search path decides its dictionary. Named in full, the dictionary is fixed.
  await sql`
    create function inventory.fold(word text) returns text language sql immutable strict parallel safe
    return lower(${sql.raw(accents)}.unaccent(${sql.lit(`${accents}.unaccent`)}::regdictionary, word))
  `.execute(db)

  await db.schema
    .createTable('book_words')
    .addColumn('book_id', 'integer', (column) => column.notNull().references('books.id').onDelete('cascade'))
    .addColumn('word', sql`text collate "C"`, (column) => column.notNull())
    .addColumn('in_title', 'boolean', (column) => column.notNull())
    .addColumn('start', 'integer', (column) => column.notNull())
    .addColumn('end', 'integer', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('book_words_by_word').on('book_words').columns(['word', 'book_id']).execute()
  await db.schema.createIndex('book_words_by_book').on('book_words').column('book_id').execute()

  // Distinct words, to find those that are similar to another.
  await db.schema
    .createTable('words')
    .addColumn('word', sql`text collate "C"`, (column) => column.primaryKey())
    .execute()
  await sql`create index words_by_trigrams on inventory.words using gist (word ${sql.raw(trigrams)}.gist_trgm_ops)`.execute(
    db,
  )
  await sql`
    create function inventory.words_like(asked text, most integer) returns setof text language sql stable parallel safe
    begin atomic
      select word from inventory.words order by word operator(${sql.raw(trigrams)}.<->) asked limit most;
    end
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function inventory.words_like`.execute(db)
  await db.schema.dropTable('words').execute()
  await db.schema.dropTable('book_words').execute()
  await sql`drop function inventory.fold`.execute(db)
}

/** The schema of an extension, quoted: another service may have created it elsewhere. */
async function schemaOf(extension: string, db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(nspname) as name from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
    where extname = ${extension}
  `.execute(db)
  return rows[0]?.name ?? 'public'
}
