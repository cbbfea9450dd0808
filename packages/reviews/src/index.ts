export { reviews } from './service.ts'
