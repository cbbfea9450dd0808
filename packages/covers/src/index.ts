export { type CoverText, drawCover } from './cover.ts'
