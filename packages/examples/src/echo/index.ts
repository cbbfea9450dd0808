export { echo } from './service.ts'
