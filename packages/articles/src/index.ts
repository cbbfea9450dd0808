export { articles } from './service.ts'
