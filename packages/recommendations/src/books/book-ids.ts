/**
 * The first id of the books that came from files of ratings, which get ids of their own. The ids below are those of the
 * catalogue, which inventory gives.
 */
export const firstImportedId = 1_000_000_000
