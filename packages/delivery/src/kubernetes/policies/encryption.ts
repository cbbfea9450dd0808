import { findNamed, listKind } from '../resources.ts'
import { listDeployed, type Policy, problems } from './policy.ts'

/** Every service uses its own certificate, and follows its renewal. */
export const servicesAreEncrypted: Policy = (resources, services) => {
  const authorities = listKind(resources, 'Certificate').filter(({ spec }) => spec?.isCA)
  return listDeployed(resources, services).flatMap(({ name, spec, container, variables }) => {
    const certificate = findNamed(resources, 'Certificate', name)?.spec
    const issuer = findNamed(resources, 'Issuer', certificate?.issuerRef.name ?? '')?.spec
    const volume = spec.volumes?.find((each) => each.name === 'tls')
    const mount = container.volumeMounts?.find((each) => each.name === 'tls')
    return problems(name, {
      'does not use its certificate':
        !['TLS_CA', 'TLS_CERT', 'TLS_KEY'].every((variable) =>
          variables[variable]?.startsWith(`${mount?.mountPath}/`),
        ) || volume?.secret?.secretName !== certificate?.secretName,
      // A single file that is mounted is never replaced.
      'does not see its certificate renewed': mount?.subPath !== undefined,
      'has a certificate of another authority': !authorities.some(
        (authority) => authority.spec?.secretName === issuer?.ca?.secretName,
      ),
    })
  })
}
