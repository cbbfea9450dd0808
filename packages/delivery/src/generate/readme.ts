import { readFileSync } from 'node:fs'
import type { AnyService } from '@books/service'

const commands = /(^docker build \. -f docker\/service\.Dockerfile --build-arg SERVICE=.*\n)+/m
// The text below the commands calls these two a shop already.
const firstTwo = ['recommendations', 'marketplace']

/** The README with the command that builds the image of each service; all else in it is written by hand. */
export function readme(services: readonly AnyService[], root: URL): string {
  const others = services.map(({ name }) => name).filter((name) => !firstTwo.includes(name))
  const lines = [...firstTwo, ...others].map(
    (name) => `docker build . -f docker/service.Dockerfile --build-arg SERVICE=${name} -t books/${name}\n`,
  )
  return readFileSync(new URL('README.md', root), 'utf8').replace(commands, lines.join(''))
}
