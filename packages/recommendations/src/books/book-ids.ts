/**
 * The first id of books that were imported with files of ratings. Lower ids are those of the catalogue, which inventory
 * assigns.
 */
export const firstImportedId = 1_000_000_000
