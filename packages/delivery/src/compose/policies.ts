import type { ServiceSettings } from '../kubernetes/call-graph.ts'
import { callGraphOf } from '../kubernetes/call-graph.ts'
import type { ComposeFile, ComposeService } from './compose-file.ts'

/** A rule that every container keeps. Says what breaks it; nothing where all is well. */
export type Policy = (file: ComposeFile) => string[]

/** Nobody may do what they can do without. */
export const containersAreHardened: Policy = everyService((service) => ({
  'may run as root': !/^[1-9]\d*:\d+$/.test(service.user ?? ''),
  'may write to its root': service.read_only !== true,
  'keeps capabilities': service.cap_drop?.join() !== 'ALL' || (service.cap_add ?? []).length > 0,
  'may gain privileges': service.security_opt?.join() !== 'no-new-privileges:true' || service.privileged === true,
  'may start any number of processes': !((service.pids_limit ?? 0) > 0),
  'may take all memory': service.mem_limit === undefined,
  'is on another network': service.networks?.join() !== 'microservices',
}))

/** What is started today is what is started tomorrow. Images of our own are built here. */
export const imagesArePinned: Policy = everyService(({ image = '' }, name) => {
  const [, variable, usual = ''] = /^\$\{([A-Z_]+):-(.+)\}$/.exec(image) ?? []
  const isOurs = image === `books/${name}`
  return {
    [`runs ${image}, which cannot be replaced by a variable`]: !isOurs && !variable,
    [`runs ${usual}, which may be anything`]: !isOurs && !/:v?\d+\.\d+[^/]*$|@sha256:/.test(usual),
  }
})

/** Each container says how it is, without a shell. The collector's image has nothing to ask with. */
export const healthIsAsked: Policy = everyService(({ healthcheck }, name) => ({
  'does not say how it is': name !== 'collector' && healthcheck?.test === undefined,
  'needs a shell to say how it is': healthcheck?.test !== undefined && healthcheck.test[0] !== 'CMD',
}))

/** Nobody is killed who is about to stop, and nobody stays away who has died. */
export const stopsAreWaitedFor: Policy = everyService(({ stop_grace_period = '10s', restart }) => ({
  'may be killed while it stops': Number.parseInt(stop_grace_period, 10) < 30,
  'stays away once it has died': restart !== 'unless-stopped',
}))

/** Passwords and keys come in files, and are in nobody's environment. */
export const secretsAreFiles: Policy = (file) => [
  ...everyService(({ environment = {}, secrets = [] }) => {
    const given = Object.entries(environment)
    const shown = given.filter(([name]) => /URL$|SECRET$|PASSWORD$|TOKEN$/.test(name) && name !== 'PUBLIC_URL')
    const missing = given.filter(([, value]) => value.startsWith('/run/secrets/') && !secrets.includes(value.slice(13)))
    return {
      [`has ${shown.map(([name]) => name).join()} in plain sight`]: shown.length > 0,
      [`is not given the file of ${missing.map(([name]) => name).join()}`]: missing.length > 0,
    }
  })(file),
  ...Object.entries(file.secrets).flatMap(([name, { file: path }]) =>
    path === `./secrets/${name}` ? [] : [`the secret ${name} is in no file of its own`],
  ),
]

/** What people need is started with `up`; who watches, only where that is asked for. */
export const watchersAreOptional: Policy = everyService(({ profiles = [] }, name) => {
  const isWatcher = ['collector', 'prometheus', 'grafana'].includes(name)
  return { 'is in the wrong profile': profiles.join() !== (isWatcher ? 'observability' : '') }
})

/** Only the shop is for everybody. */
export const doorsAreFew: Policy = everyService(({ ports = [] }, name) => ({
  'has a door to everybody': name !== 'marketplace' && ports.some((port) => !port.startsWith('127.0.0.1:')),
}))

/** Whoever is called is well before those who call it start; recommendations only follows inventory, and needs no wait. */
export function startsAreInOrder(services: ServiceSettings): Policy {
  return everyService(({ depends_on = {} }, name) => {
    const called = callGraphOf(services)
      .filter((edge) => edge.startsWith(`${name} > `) && edge !== 'recommendations > inventory:50053')
      .map((edge) => edge.slice(name.length + 3).split(':')[0] ?? '')
    return Object.fromEntries([
      ...called.map((other) => [`starts before ${other} is there`, !(other in depends_on)]),
      ...Object.entries(depends_on).map(([other, { condition }]) => [
        `does not wait until ${other} is well`,
        condition !== 'service_healthy',
      ]),
    ])
  })
}

/** Each service is told where those are that it calls, in words that it understands. */
export function variablesAreKnown(services: ServiceSettings): Policy {
  return everyService(({ environment = {} }, name) => {
    const known = services[name]?.properties
    if (!known) return {}
    const given = Object.keys(environment).map((variable) => variable.replace(/_FILE$/, ''))
    const hosts = Object.keys(known).filter((variable) => /^[A-Z]+_HOST$/.test(variable))
    return Object.fromEntries([
      ...given
        .filter((variable) => !(variable in known) && variable !== 'PROBE_PORT')
        .map((variable) => [`is told ${variable}, which it does not read`, true]),
      ...hosts.map((host) => [`is not told ${host}`, environment[host] !== host.replace('_HOST', '').toLowerCase()]),
    ])
  })
}

function everyService(look: (service: ComposeService, name: string) => Record<string, boolean>): Policy {
  return ({ services }) =>
    Object.entries(services).flatMap(([name, service]) =>
      Object.entries(look(service, name)).flatMap(([problem, isThere]) => (isThere ? [`${name} ${problem}`] : [])),
    )
}
