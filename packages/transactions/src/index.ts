export { transactions } from './service.ts'
