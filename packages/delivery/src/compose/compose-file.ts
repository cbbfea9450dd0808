import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A container as a Compose file describes it: what the rules look at. */
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
  secrets?: string[]
  volumes?: string[]
  healthcheck?: { test?: string[] }
}

/** A Compose file. */
export interface ComposeFile {
  services: Record<string, ComposeService>
  secrets: Record<string, { file?: string }>
}

const folder = new URL('../../../../docker/', import.meta.url)

/** Reads a Compose file of `docker/`, with what it refers to put in its place. */
export function readComposeFile(name: string): ComposeFile {
  const { services = {}, secrets = {} } = parse(readFileSync(new URL(name, folder), 'utf8'), { merge: true })
  // What is shared by reference would be broken for all by a test that breaks it for one.
  return JSON.parse(JSON.stringify({ services, secrets }))
}
