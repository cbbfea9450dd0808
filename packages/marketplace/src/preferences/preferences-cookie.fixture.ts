import Fastify from 'fastify'
import { useCookies } from '../http/cookies.ts'
import { encodePreferences, type Preferences } from './preferences.ts'

/** Makes `Cookie` headers with preferences, signed as by a shop with this secret, and without a port in its PUBLIC_URL. */
export async function createPreferencesCookies(secret: string): Promise<(preferences: Preferences) => string> {
  const app = Fastify()
  await useCookies(app, { secret, publicUrl: 'http://localhost' })
  return (preferences) =>
    `${app.cookieNames.preferences}=${encodeURIComponent(app.signCookie(encodePreferences(preferences)))}`
}
