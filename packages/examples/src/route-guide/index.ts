export { routeGuide } from './service.ts'
