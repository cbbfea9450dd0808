import { findNamed, type Kinds, type Resource } from '../resources.ts'

/** The resource of a kind with a name. Throws where there is none. */
export function named<Kind extends keyof Kinds>(all: Resource[], kind: Kind, name: string): Kinds[Kind] {
  const found = findNamed(all, kind, name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}

/** What the pods of a Deployment are. */
export function pod(all: Resource[], name: string) {
  const spec = named(all, 'Deployment', name).spec?.template.spec
  if (!spec) throw new Error(`${name} has no pods`)
  return spec
}

/** The first container of a Deployment. */
export function container(all: Resource[], name: string) {
  const [first] = pod(all, name).containers
  if (!first) throw new Error(`${name} has no container`)
  return first
}

/** The container that trains. */
export function training(all: Resource[]) {
  const [first] = named(all, 'CronJob', 'recommendations-train').spec?.jobTemplate.spec?.template.spec?.containers ?? []
  if (!first) throw new Error('the training has no container')
  return first
}

/** What scales a service. */
export function scaler(all: Resource[], name: string) {
  return named(all, 'HorizontalPodAutoscaler', name).spec
}

/** The certificate of articles. */
export function certificate(all: Resource[]) {
  return named(all, 'Certificate', 'articles').spec
}

type Container = ReturnType<typeof container>

/** A variable of a container, if it is set there. */
export function variable({ env = [] }: Container, name: string) {
  return env.find((one) => one.name === name)
}

/** Takes a variable away. */
export function unset(target: Container, name: string): void {
  target.env = target.env?.filter((one) => one.name !== name) ?? []
}

/** Breaks something that is there. */
export function edit(target: object | undefined, change: object): void {
  if (!target) throw new Error(`there is nothing to change to ${JSON.stringify(change)}`)
  Object.assign(target, change)
}

/** Takes a resource away. */
export function remove(all: Resource[], kind: keyof Kinds, name: string): void {
  all.splice(all.indexOf(named(all, kind, name)), 1)
}
