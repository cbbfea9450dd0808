export { marketplace } from './service.ts'
