import { listWorkloads } from '../resources.ts'
import { imageNameOf, type Policy, problems, variablesOf } from './policy.ts'

/** A store without readers gets no simulated ones, whichever program opens it first. */
export const readersAreReal: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers
      .filter(
        (container) => imageNameOf(container) === 'recommendations' && !container.args?.[0]?.endsWith('migrate.ts'),
      )
      .flatMap((container) =>
        problems(name, { 'simulates readers': variablesOf(resources, container)['DEMO_READERS'] !== 'false' }),
      ),
  )
