import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** The cost of Argon2id: KiB of memory, passes over it, and lanes. */
export interface HashCost {
  memory: number
  passes: number
  parallelism: number
}

/** 19 MiB, 2 passes, 1 lane: the least of OWASP's Password Storage Cheat Sheet. */
export const defaultCost: HashCost = { memory: 19_456, passes: 2, parallelism: 1 }

const saltBytes = 16
const tagBytes = 32
const derive = promisify(argon2)

/** Hashes a password with Argon2id (RFC 9106) and a random salt. Resolves to a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string, cost: HashCost): Promise<string> {
  const salt = randomBytes(saltBytes)
  const { memory, passes, parallelism } = cost
  const hash = await derive('argon2id', parametersOf(password, salt, tagBytes, cost))
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(hash)}`
}

/** Whether a password is the one of a PHC string, with the work that the string says. */
export async function isPasswordOf(phc: string, password: string): Promise<boolean> {
  const { cost, salt, hash } = parse(phc)
  return timingSafeEqual(await derive('argon2id', parametersOf(password, salt, hash.length, cost)), hash)
}

/** Whether a PHC string was made with less work than this. */
export function isWeaker(phc: string, { memory, passes, parallelism }: HashCost): boolean {
  const { cost } = parse(phc)
  return cost.memory < memory || cost.passes < passes || cost.parallelism < parallelism
}

function parametersOf(password: string, nonce: Buffer, tagLength: number, cost: HashCost): Argon2Parameters {
  return { message: Buffer.from(password), nonce, tagLength, ...cost }
}

const phcPattern = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

function parse(phc: string): { cost: HashCost; salt: Buffer; hash: Buffer } {
  const [, memory, passes, parallelism, salt = '', hash = ''] = phcPattern.exec(phc) ?? []
  if (!memory) throw new TypeError('a stored password is no PHC string of Argon2id')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

// PHC strings have no padding.
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
