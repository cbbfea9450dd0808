import { listWorkloads } from '../resources.ts'
import { imageNameOf, type Policy, problems } from './policy.ts'

/** Nothing runs in production that is only for development. */
export const productionHasNoSubstitutes: Policy = (resources, services) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.flatMap((container) => {
      const service = services.find((each) => each.name === imageNameOf(container))
      return problems(name, { 'is only for development': service?.deployment.isDevelopmentOnly === true })
    }),
  )
