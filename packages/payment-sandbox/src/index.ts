export { paymentSandbox } from './service.ts'
