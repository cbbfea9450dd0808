import { listKind, listWorkloads } from '../resources.ts'
import { containersOf, type Policy, problems } from './policy.ts'

/** Volumes that Pod Security `restricted` allows. */
const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

/** The namespace refuses pods that are not restricted. */
export const namespaceIsRestricted: Policy = (resources) => {
  const namespaces = listKind(resources, 'Namespace')
  return problems('the namespace', {
    'is missing, or not the only one': namespaces.length !== 1,
    'does not enforce restricted pods': namespaces.some(
      ({ metadata }) => metadata?.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted',
    ),
  })
}

/** Pods keep Pod Security `restricted`, and cannot write to their root file system. */
export const podsAreRestricted: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) => [
    ...problems(name, {
      'may run as root': spec.securityContext?.runAsNonRoot !== true || spec.securityContext.runAsUser === 0,
      'has no seccomp profile': spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault',
      'shares a namespace with its node': Boolean(spec.hostNetwork || spec.hostPID || spec.hostIPC),
      'mounts a volume of its node': (spec.volumes ?? []).some(({ name: _name, ...source }) =>
        Object.keys(source).some((kind) => !allowedVolumes.includes(kind)),
      ),
    }),
    ...containersOf(spec).flatMap(({ securityContext: { capabilities, ...own } = {}, ports = [] }) =>
      problems(name, {
        'has a container that lifts a restriction':
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

/** Pods get no token of the cluster, as they need none. */
export const podsHaveNoToken: Policy = (resources) => [
  ...listWorkloads(resources).flatMap(({ name, spec }) =>
    problems(name, { 'is given a token of the cluster': spec.automountServiceAccountToken !== false }),
  ),
  ...listKind(resources, 'ServiceAccount').flatMap(({ metadata, automountServiceAccountToken }) =>
    problems(`ServiceAccount ${metadata?.name}`, {
      'hands out tokens of the cluster': automountServiceAccountToken !== false,
    }),
  ),
]
