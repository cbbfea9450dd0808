import { listKind, listWorkloads } from '../resources.ts'
import { containersOf, type Policy, problems } from './policy.ts'

/** What Pod Security `restricted` lets a pod mount. */
const harmlessVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

/** The cluster itself refuses pods that are not restricted. */
export const namespaceIsRestricted: Policy = (resources) => {
  const namespaces = listKind(resources, 'Namespace')
  return problems('the namespace', {
    'is not there, or not the only one': namespaces.length !== 1,
    'does not enforce restricted pods': namespaces.some(
      ({ metadata }) => metadata?.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted',
    ),
  })
}

/** Pod Security `restricted`, with a root that nobody writes to. */
export const podsAreRestricted: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) => [
    ...problems(name, {
      'may run as root': spec.securityContext?.runAsNonRoot !== true || spec.securityContext.runAsUser === 0,
      'has no seccomp profile': spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault',
      'shares something with its node': Boolean(spec.hostNetwork || spec.hostPID || spec.hostIPC),
      'mounts what is not its own': (spec.volumes ?? []).some(({ name: _name, ...source }) =>
        Object.keys(source).some((kind) => !harmlessVolumes.includes(kind)),
      ),
    }),
    ...containersOf(spec).flatMap(({ securityContext: { capabilities, ...own } = {}, ports = [] }) =>
      problems(name, {
        'has a container that says otherwise':
          own.runAsNonRoot === false ||
          own.runAsUser === 0 ||
          (own.seccompProfile?.type ?? 'RuntimeDefault') !== 'RuntimeDefault',
        'is privileged': Boolean(own.privileged),
        'may gain privileges': own.allowPrivilegeEscalation !== false,
        'keeps capabilities': capabilities?.drop?.join() !== 'ALL',
        'adds capabilities': (capabilities?.add ?? []).length > 0,
        'may write to its root': own.readOnlyRootFilesystem !== true,
        'takes a port of its node': ports.some(({ hostPort }) => hostPort !== undefined),
      }),
    ),
  ])

/** Nothing of the store asks the cluster for anything. */
export const podsHaveNoToken: Policy = (resources) => [
  ...listWorkloads(resources).flatMap(({ name, spec }) =>
    problems(name, { 'is given a token of the cluster': spec.automountServiceAccountToken !== false }),
  ),
  ...listKind(resources, 'ServiceAccount').flatMap(({ metadata, automountServiceAccountToken }) =>
    problems(`ServiceAccount ${metadata?.name}`, {
      'gives tokens of the cluster away': automountServiceAccountToken !== false,
    }),
  ),
]
