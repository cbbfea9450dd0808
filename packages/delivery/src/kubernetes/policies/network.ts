import { findNamed } from '../resources.ts'
import { type Policy, problems } from './policy.ts'

/** What no other policy allows is denied. */
export const networkIsDeniedByDefault: Policy = (resources) => {
  const spec = findNamed(resources, 'NetworkPolicy', 'default-deny')?.spec
  return problems('the network', {
    'is open where no policy applies':
      spec?.policyTypes?.toSorted().join() !== 'Egress,Ingress' ||
      Object.keys(spec.podSelector ?? {}).length > 0 ||
      [...(spec.ingress ?? []), ...(spec.egress ?? [])].length > 0,
  })
}
