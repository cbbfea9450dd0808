export { type CoverText, drawCover } from './cover.ts'
export { escapeXml } from './xml.ts'
