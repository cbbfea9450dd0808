export { accounts } from './service.ts'
