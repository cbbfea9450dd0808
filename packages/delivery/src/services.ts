export type { AnyService as ServiceDefinition } from '@books/service'
export { services } from '@books/store/services'
