import type { Names } from './names.ts'

/** The file that lists the services, with one more: last but for the public one, which starts when all others have. */
export function listService(source: string, { kebab, camel }: Names): string {
  const imported = `import { ${camel} } from '@books/${kebab}'\n`
  const listed = source.replace(/(= \[[\s\S]*?)(,?\s*)(\w+)(,?\s*\])/, `$1, ${camel}, $3$4`)
  if (listed === source) throw new Error('services.ts has no list that ends in a service')
  return imported + listed
}
