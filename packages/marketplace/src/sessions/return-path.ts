import { paths } from '../pages/paths.ts'

// To be sent back to one of these after signing in would be a circle, or nothing.
const notReturnedTo: readonly string[] = [paths.signIn(), paths.signUp(), paths.signOut, paths.resetPassword()]

const origin = 'http://shop.invalid'
// A second slash or a backslash would begin the name of another host.
const isPath = /^\/(?![/\\])/

/** Where to go on within the shop: the front page where `text` is not a path of this shop. */
export function returnPathOf(text: string | undefined): string {
  if (text === undefined || !text.isWellFormed() || /[\p{Cc}\p{Z}\\]/u.test(text) || !isPath.test(text))
    return paths.home
  const url = URL.parse(text, origin)
  if (url?.origin !== origin) return paths.home
  const { pathname, search } = url
  // Once more: `/.//host` has become `//host`, and a proxy may resolve escapes.
  if (!isPath.test(pathname) || !isPath.test(unescaped(pathname))) return paths.home
  return notReturnedTo.includes(pathname) ? paths.home : pathname + search
}

/** Empty for malformed escapes. */
function unescaped(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return ''
  }
}
