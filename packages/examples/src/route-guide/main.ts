import { runService } from '@books/service'
import { routeGuide } from './service.ts'

await runService(routeGuide)
