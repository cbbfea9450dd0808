import type { IContainer } from 'kubernetes-models/v1/Container'
import { allowedEdgesOf } from './allowed-edges.ts'
import { callGraphOf, type ServiceSettings } from './call-graph.ts'
import { findNamed, listKind, listWorkloads, nameOf, type Resource } from './resources.ts'

/** A rule that everything deployed keeps. Says what breaks it; nothing where all is well. */
export type Policy = (resources: readonly Resource[]) => string[]

const label = 'app.kubernetes.io/name'
const isOurs = (container: IContainer) => container.name === 'service' || container.name === 'job'

export const namespaceIsRestricted: Policy = (resources) =>
  listKind(resources, 'Namespace').length === 1 &&
  listKind(resources, 'Namespace').every(
    ({ metadata }) => metadata?.labels?.['pod-security.kubernetes.io/enforce'] === 'restricted',
  )
    ? []
    : ['the namespace does not enforce restricted pods']

/** Pod Security `restricted`, with a root that nobody writes to. */
export const podsAreRestricted: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) => [
    ...problems(name, {
      'may run as root': spec.securityContext?.runAsNonRoot !== true,
      'has no seccomp profile': spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault',
      'shares something with its node': Boolean(spec.hostNetwork || spec.hostPID || spec.hostIPC),
    }),
    ...[...(spec.initContainers ?? []), ...spec.containers].flatMap(({ securityContext }) =>
      problems(name, {
        'may gain privileges': securityContext?.allowPrivilegeEscalation !== false,
        'keeps capabilities': securityContext?.capabilities?.drop?.join() !== 'ALL',
        'adds capabilities': (securityContext?.capabilities?.add ?? []).length > 0,
        'may write to its root': securityContext?.readOnlyRootFilesystem !== true,
      }),
    ),
  ])

/** Nothing of the store asks the cluster for anything. */
export const podsHaveNoToken: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    problems(name, { 'is given a token of the cluster': spec.automountServiceAccountToken !== false }),
  )

export const podsAreBounded: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.flatMap(({ resources: { requests = {}, limits = {} } = {} }) =>
      problems(name, {
        'does not say what it needs': !requests['cpu'] || !requests['memory'],
        'has no limits': !limits['cpu'] || !limits['memory'],
      }),
    ),
  )

export const imagesAreNamed: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.flatMap(({ image = '' }) =>
      problems(name, {
        [`runs ${image}, which may be anything`]: !/[:@][^/]+$/.test(image) || image.endsWith(':latest'),
      }),
    ),
  )

/** A node that is lost, or drained, takes no service with it. */
export const serversOutliveTheirNodes: Policy = (resources) =>
  listKind(resources, 'Deployment').flatMap((deployment) => {
    const name = nameOf(deployment)
    const scaler = findNamed(resources, 'HorizontalPodAutoscaler', name)?.spec
    const budget = findNamed(resources, 'PodDisruptionBudget', name)?.spec
    const [spread] = deployment.spec?.template.spec?.topologySpreadConstraints ?? []
    return problems(name, {
      'has fewer than three replicas': Number(deployment.spec?.replicas) < 3 || Number(scaler?.minReplicas) < 3,
      'is not scaled': scaler?.scaleTargetRef.name !== name,
      'may be disrupted as a whole': budget?.maxUnavailable !== 1 || budget.selector?.matchLabels?.[label] !== name,
      'is not spread over nodes': spread?.labelSelector?.matchLabels?.[label] !== name,
    })
  })

/** Clients balance over pods, so they must see each of them. */
export const serversAreSeenPodByPod: Policy = (resources) =>
  listServers(resources).flatMap((deployment) => {
    const name = nameOf(deployment)
    const spec = findNamed(resources, 'Service', name)?.spec
    const [port] = spec?.ports ?? []
    const opened = containerOf(deployment)?.ports?.find(({ name }) => name === port?.targetPort)
    return problems(name, {
      'is not headless': spec?.clusterIP !== 'None',
      'is reached at a port that it does not open': opened?.containerPort !== port?.port,
      'is selected by another name': spec?.selector?.[label] !== name,
    })
  })

/** Ready follows what a service needs; alive does not, or a database that is away would have every pod started anew. */
export const probesAreNative: Policy = (resources) =>
  listKind(resources, 'Deployment').flatMap((deployment) => {
    const { startupProbe, readinessProbe, livenessProbe } = containerOf(deployment) ?? {}
    const isServer = listServers(resources).includes(deployment)
    return problems(nameOf(deployment), {
      'lacks a probe': !startupProbe || !readinessProbe || !livenessProbe,
      'is ready without being asked': isServer ? !readinessProbe?.grpc : readinessProbe?.httpGet?.path !== '/readyz',
      'dies of what it needs': isServer
        ? livenessProbe?.grpc?.service !== 'live'
        : livenessProbe?.httpGet?.path !== '/healthz',
    })
  })

/** Kubernetes kills nobody who is still about to stop. */
export const stopsAreWaitedFor: Policy = (resources) =>
  listKind(resources, 'Deployment').flatMap((deployment) => {
    const container = containerOf(deployment)
    const variables = container ? variablesOf(resources, container) : {}
    const pauseSeconds = Number(container?.lifecycle?.preStop?.sleep?.seconds ?? 0)
    const stopSeconds = (Number(variables['DRAIN_MS'] ?? 0) + Number(variables['GRACE_MS'] ?? 10_000)) / 1_000
    const patience = Number(deployment.spec?.template.spec?.terminationGracePeriodSeconds ?? 30)
    return problems(nameOf(deployment), {
      'goes before load balancers know': pauseSeconds < 3,
      'may be killed while it stops': pauseSeconds + stopSeconds + 5 > patience,
    })
  })

/** Who may speak to whom is who calls whom, no more and no less. */
export function networkIsTheCallGraph(services: ServiceSettings): Policy {
  return (resources) => {
    const pods = Object.fromEntries(listWorkloads(resources).map(({ labels }) => [labels[label] ?? '', labels]))
    const ofServices = allowedEdgesOf(resources, pods).filter((edge) => (edge.split(' > ')[0] ?? '') in services)
    const wanted = callGraphOf(services)
    const denied = findNamed(resources, 'NetworkPolicy', 'default-deny')?.spec
    return [
      ...problems('the network', {
        'is open where nothing is said':
          denied?.policyTypes?.join() !== 'Ingress,Egress' || hasKeys(denied?.podSelector),
      }),
      ...wanted.filter((edge) => !ofServices.includes(edge)).map((edge) => `${edge} is called and not allowed`),
      ...ofServices.filter((edge) => !wanted.includes(edge)).map((edge) => `${edge} is allowed and not called`),
    ]
  }
}

/** A variable with a slip in its name would be passed over in silence. */
export function variablesAreKnown(services: ServiceSettings): Policy {
  return (resources) =>
    listWorkloads(resources).flatMap(({ name, spec }) =>
      spec.containers.filter(isOurs).flatMap((container) => {
        const service = /books\/([a-z]+)/.exec(container.image ?? '')?.[1] ?? ''
        const known = services[service]?.properties ?? {}
        return Object.keys(variablesOf(resources, container))
          .filter((variable) => !(variable in known))
          .map((variable) => `${name} sets ${variable}, which ${service} does not read`)
      }),
    )
}

/** What must not be read in a manifest comes from a Secret. */
export const secretsAreSecrets: Policy = (resources) =>
  listWorkloads(resources).flatMap(({ name, spec }) =>
    spec.containers.flatMap(({ env = [] }) =>
      env
        .filter(
          ({ name: variable, valueFrom }) =>
            /URL$|SECRET|PASSWORD/.test(variable) && variable !== 'PUBLIC_URL' && !valueFrom?.secretKeyRef,
        )
        .map(({ name: variable }) => `${name} has ${variable} in plain sight`),
    ),
  )

/** Every service proves who it is, and speaks to nobody who does not. */
export const servicesAreEncrypted: Policy = (resources) =>
  listKind(resources, 'Deployment').flatMap((deployment) => {
    const name = nameOf(deployment)
    const container = containerOf(deployment)
    const variables = container ? variablesOf(resources, container) : {}
    const certificate = findNamed(resources, 'Certificate', name)?.spec
    const volume = deployment.spec?.template.spec?.volumes?.find(({ name }) => name === 'tls')
    const mount = container?.volumeMounts?.find(({ name }) => name === 'tls')
    return problems(name, {
      'does not use its certificate': !['TLS_CA', 'TLS_CERT', 'TLS_KEY'].every((variable) =>
        String(variables[variable]).startsWith(`${mount?.mountPath}/`),
      ),
      'is not certified by its name': !certificate?.dnsNames?.includes(name),
      'has the certificate of another':
        !volume?.secret?.secretName || volume.secret.secretName !== certificate?.secretName,
      'may not call and serve by it': !['client auth', 'server auth'].every((usage) =>
        certificate?.usages?.some((given) => given === usage),
      ),
    })
  })

/** Databases are brought to their newest step, and models trained, apart from those who serve. */
export function workIsDoneApart(services: ServiceSettings): Policy {
  return (resources) => {
    const keepers = Object.keys(services).filter((name) => 'DATABASE_URL' in (services[name]?.properties ?? {}))
    const migrated = keepers.filter((name) => {
      const [container] = findNamed(resources, 'Job', `${name}-migrate`)?.spec?.template.spec?.containers ?? []
      return container?.args?.[0] === 'src/commands/migrate.ts'
    })
    return [
      ...keepers
        .filter((name) => !migrated.includes(name))
        .map((name) => `${name} has no Job that migrates its database`),
      ...problems('recommendations', {
        'has no Job that trains': !findNamed(resources, 'CronJob', 'recommendations-train'),
      }),
    ]
  }
}

function listServers(resources: readonly Resource[]) {
  return listKind(resources, 'Deployment').filter(({ metadata }) => metadata?.labels?.['books/kind'] === 'server')
}

function containerOf(deployment: ReturnType<typeof listServers>[number]): IContainer | undefined {
  return deployment.spec?.template.spec?.containers.find(isOurs)
}

/** The variables of a container, its own above those of its ConfigMaps; of one that comes from a Secret, only that there is one. */
function variablesOf(resources: readonly Resource[], { env = [], envFrom = [] }: IContainer): Record<string, string> {
  const shared = envFrom.map(({ configMapRef }) => findNamed(resources, 'ConfigMap', configMapRef?.name ?? '')?.data)
  const own = Object.fromEntries(env.map(({ name, value = 'secret' }) => [name, value]))
  return Object.assign({}, ...shared, own)
}

function problems(who: string, found: Record<string, boolean>): string[] {
  return Object.entries(found).flatMap(([problem, isThere]) => (isThere ? [`${who} ${problem}`] : []))
}

function hasKeys(value: object | undefined): boolean {
  return Object.keys(value ?? {}).length > 0
}
