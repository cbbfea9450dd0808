import { sign } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import type { Taste } from './taste/taste.ts'
import { keepTaste } from './taste/taste-cookie.ts'

/** The header by which the browser of somebody with this taste tells of it to a shop with this secret. */
export function tasteCookie(taste: Taste, secret: string): string {
  let header = ''
  const reply = {
    setCookie(name: string, value: string) {
      header = `${name}=${encodeURIComponent(sign(value, secret))}`
    },
  }
  keepTaste(reply as unknown as FastifyReply, taste)
  return header
}
