import { services } from '@books/store/services'
import type { ComposeFile, ComposeService } from './compose-file.ts'

/** A rule for every container. Returns what breaks it. */
export type Policy = (file: ComposeFile) => string[]

/** Containers have no rights and resources that they do not need. */
export const containersAreHardened: Policy = everyService((service) => ({
  // As root without capabilities one container writes the secrets that others read.
  'may run as root': !/^[1-9]\d*:\d+$/.test(service.user ?? '') && service.entrypoint?.[1] !== '/secrets.sh',
  'may write to its root': service.read_only !== true,
  'keeps capabilities': service.cap_drop?.join() !== 'ALL' || (service.cap_add ?? []).length > 0,
  'may gain privileges': service.security_opt?.join() !== 'no-new-privileges:true' || service.privileged === true,
  'may start any number of processes': !((service.pids_limit ?? 0) > 0),
  'may take all memory': service.mem_limit === undefined,
  'is on another network': service.networks?.join() !== 'microservices',
}))

/** Every image has a version, or is built here. */
export const imagesArePinned: Policy = everyService(({ image = '' }, name) => {
  const [, variable, usual = ''] = /^\$\{([A-Z_]+):-(.+)\}$/.exec(image) ?? []
  const isOurs = image === `books/${name}`
  return {
    [`runs ${image}, which cannot be replaced by a variable`]: !isOurs && !variable,
    [`runs ${usual}, which is not pinned`]: !isOurs && !/:v?\d+\.\d+[^/]*$|@sha256:/.test(usual),
  }
})

/** Every container has a health check without a shell, but the one whose image has nothing to ask with, and those that end. */
export const healthIsChecked: Policy = everyService(({ healthcheck, restart }, name) => ({
  'has no health check': name !== 'jaeger' && restart !== 'no' && healthcheck?.test === undefined,
  'needs a shell for its health check': healthcheck?.test !== undefined && healthcheck.test[0] !== 'CMD',
  'is checked too often': Number.parseInt(healthcheck?.interval ?? '30s', 10) < 30,
}))

/** Containers have time to stop, and those that serve are restarted when they die. */
export const stopsAreWaitedFor: Policy = everyService(({ stop_grace_period = '10s', restart }) => ({
  'may be killed while it stops': Number.parseInt(stop_grace_period, 10) < 30,
  'is not restarted when it dies': restart !== 'unless-stopped' && restart !== 'no',
}))

const publicUrls = ['PUBLIC_URL', 'WEBHOOK_URL']

/** Passwords and keys are in files, and in no environment. */
export const secretsAreFiles: Policy = everyService(({ environment = {}, volumes = [] }) => {
  const given = Object.entries(environment)
  const shown = given.filter(([name]) => /URL$|SECRET$|PASSWORD$|TOKEN$|KEY$/.test(name) && !publicUrls.includes(name))
  const isGivenFiles = volumes.some((volume) => volume.endsWith(':/run/secrets:ro'))
  return {
    [`has ${shown.map(([name]) => name).join()} in its environment`]: shown.length > 0,
    'reads secrets that it is not given': given.some(([, value]) => value.startsWith('/run/secrets/')) && !isGivenFiles,
  }
})

/** Only what people reach is open to other machines. */
export const portsAreLocal: Policy = everyService(({ ports = [] }, name) => ({
  'opens a port to other machines': !isPublic(name) && ports.some((port) => !port.startsWith('127.0.0.1:')),
}))

function isPublic(name: string): boolean {
  return services.some((service) => service.name === name && service.deployment.isPublic === true)
}

function everyService(look: (service: ComposeService, name: string) => Record<string, boolean>): Policy {
  return ({ services }) =>
    Object.entries(services).flatMap(([name, service]) =>
      Object.entries(look(service, name)).flatMap(([problem, isThere]) => (isThere ? [`${name} ${problem}`] : [])),
    )
}
