import { findNamed, listKind } from '../resources.ts'
import { listDeployed, type Policy, problems } from './policy.ts'

/** Every service proves who it is, and speaks to nobody who does not. */
export const servicesAreEncrypted: Policy = (resources, services) => {
  const authorities = listKind(resources, 'Certificate').filter(({ spec }) => spec?.isCA)
  return listDeployed(resources, services).flatMap(({ name, spec, container, variables }) => {
    const certificate = findNamed(resources, 'Certificate', name)?.spec
    const issuer = findNamed(resources, 'Issuer', certificate?.issuerRef.name ?? '')?.spec
    const volume = spec.volumes?.find(({ name }) => name === 'tls')
    const mount = container.volumeMounts?.find(({ name }) => name === 'tls')
    return problems(name, {
      'does not use its certificate': !['TLS_CA', 'TLS_CERT', 'TLS_KEY'].every((variable) =>
        String(variables[variable]).startsWith(`${mount?.mountPath}/`),
      ),
      // Single files that are mounted would never be renewed.
      'does not see its certificate renewed': mount?.subPath !== undefined,
      'is not certified by its name': !certificate?.dnsNames?.includes(name),
      "is not certified by the store's authority": !authorities.some(
        ({ spec }) => spec?.secretName === issuer?.ca?.secretName,
      ),
      'has the certificate of another':
        !volume?.secret?.secretName || volume.secret.secretName !== certificate?.secretName,
      'may not call and serve by it': !['client auth', 'server auth'].every((usage) =>
        certificate?.usages?.some((given) => given === usage),
      ),
    })
  })
}
