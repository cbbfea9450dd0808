import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** What the rules read of a container in a Compose file. */
export interface ComposeService {
  image?: string
  profiles?: string[]
  user?: string
  read_only?: boolean
  privileged?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  security_opt?: string[]
  pids_limit?: number
  mem_limit?: string
  restart?: string
  stop_grace_period?: string
  networks?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  environment?: Record<string, string>
  volumes?: string[]
  entrypoint?: string[]
  healthcheck?: { test?: string[]; interval?: string }
}

/** A Compose file. */
export interface ComposeFile {
  services: Record<string, ComposeService>
}

const folder = new URL('../../../../docker/', import.meta.url)

/** Reads a Compose file of `docker/`, with its merge keys resolved. */
export function readComposeFile(name: string): ComposeFile {
  const { services = {} } = parse(readFileSync(new URL(name, folder), 'utf8'), { merge: true })
  // A copy: what anchors share would be changed for all by a test that changes it for one.
  return JSON.parse(JSON.stringify({ services }))
}
