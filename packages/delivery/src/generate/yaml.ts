import { Document } from 'yaml'

/** A document of a YAML file, and the comment above it. */
export interface YamlDocument {
  comment?: string
  content: object
}

/** The text of a YAML file with these documents. */
export function writeYaml(documents: readonly YamlDocument[]): string {
  return documents.map(writeDocument).join('---\n')
}

function writeDocument({ comment, content }: YamlDocument): string {
  const document = new Document(content, { aliasDuplicateObjects: false })
  // The library separates a document's comment from it by an empty line unless it belongs to the content.
  if (comment !== undefined && document.contents) document.contents.commentBefore = comment.replaceAll(/^/gm, ' ')
  return document.toString({ lineWidth: 120 })
}
