// These begin a last name in any case: Daphne du Maurier.
const articles = new Set(['du', 'des', 'le', 'la', 'les', 'mac', 'st', 'saint'])
// These do only with a capital: Mark Van Doren, but Miguel de Cervantes, who is sorted under C.
const prepositions = new Set(['De', 'Di', 'Da', 'Van', 'Von', 'Der', 'Den', 'Ten', 'Ter'])
const suffix = /[\s,]+(?:jr|sr|ii|iii|iv|phd|md)\.?$/i

/** The last name of an author, or of the first of several, as English catalogues sort it. */
export function lastNameOf(author: string): string {
  const [first = ''] = author.split(/\s*[&;/,]\s*|\s+and\s+/u)
  const names = first.replace(suffix, '').trim().split(/\s+/u)
  const particle = names.findIndex((name, index) => index > 0 && index < names.length - 1 && isParticle(name))

  return names.slice(particle === -1 ? -1 : particle).join(' ')
}

function isParticle(name: string): boolean {
  return articles.has(name.toLowerCase().replace('.', '')) || prepositions.has(name)
}
