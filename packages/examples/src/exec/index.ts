export { exec } from './service.ts'
