import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** Why a reader reported a review. */
export type ReportRow = Omit<Selectable<Tables['reports']>, 'reader_id' | 'is_decided'>

/** What readers reported. */
export interface ReportStore {
  /**
   * Adds a report, or replaces that of the same reader, which stays decided where a person has decided on it. Resolves to how many wait
   * for a decision.
   */
  add(report: ReportRow & { reader_id: number }): Promise<number>
  /** A person has decided on a review. */
  decide(reviewId: string): Promise<void>
  /** The reports of reviews that wait for a decision, the first one first. */
  listOf(reviewIds: readonly string[]): Promise<ReportRow[]>
}

/** Keeps reports in the service's own tables. */
export function createReportStore(tables: Kysely<Tables>): ReportStore {
  return {
    async add(report) {
      await tables
        .insertInto('reports')
        .values(report)
        .onConflict((conflict) =>
          conflict
            .columns(['review_id', 'reader_id'])
            .doUpdateSet({ reason: report.reason, comment: report.comment, reported_at: report.reported_at }),
        )
        .execute()
      const { count } = await tables
        .selectFrom('reports')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('review_id', '=', report.review_id)
        .where('is_decided', '=', false)
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async decide(reviewId) {
      await tables.updateTable('reports').set({ is_decided: true }).where('review_id', '=', reviewId).execute()
    },

    listOf: (reviewIds) =>
      tables
        .selectFrom('reports')
        .select(['review_id', 'reason', 'comment', 'reported_at'])
        .where(sql<boolean>`review_id = any(${[...reviewIds]}::text[])`)
        .where('is_decided', '=', false)
        .orderBy('reported_at')
        .execute(),
  }
}
