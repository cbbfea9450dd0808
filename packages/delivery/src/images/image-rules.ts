/** What the engine says of an image. */
export interface ImageFacts {
  Size: number
  Config: { User: string; Labels: Record<string, string> | null; Env: string[] }
}

const mostBytesAdded = 60_000_000
const labels = ['title', 'version', 'revision', 'licenses'].map((name) => `org.opencontainers.image.${name}`)

// By the paths of files, as `tar` lists them.
const unwanted = {
  'a shell': /^(usr\/)?bin\/(ba|da|a)?sh$/,
  'a compiler': /(^|\/)(gcc|cc|clang|ld|tsc|esbuild|swc)$|\/node_modules\/(typescript|@swc|esbuild)\//,
  'a package manager': /(^|\/)(npm|npx|pnpm|yarn|corepack|apt-get|dpkg)$/,
  'a test':
    /\.(test|spec)\.[cm]?[jt]s$|\.fixture(\.|\/|$)|^books\/packages\/[^/]+\/(test|testing|bench)\/|\/node_modules\/(@jest|jest|playwright-core)\//,
  'a source map': /\.map$/,
  'a secret':
    /(^|\/)(\.env[^/]*|\.npmrc|[^/]*\.key|id_[a-z0-9]+)$|^books\/packages\/.*\.(pem|crt|p12|pfx)$|^books\/.*\/(secrets|certs|\.data)\//,
  'a file of an editor or a log': /^books\/packages\/.*(\.log|\.bak|\.orig|~|\.sw[a-p]|\/\.[^/]+)$/,
}

/** What is in an image that should not be, by the paths of its files. */
export function unwantedFilesOf(paths: readonly string[]): string[] {
  return Object.entries(unwanted).flatMap(([what, pattern]) => {
    const found = paths.filter((path) => pattern.test(path))
    return found.length > 0 ? [`has ${what}: ${found.slice(0, 3).join(', ')}`] : []
  })
}

/** What is wrong with an image, by what the engine says of it and of its base. */
export function problemsOf(image: ImageFacts, base: ImageFacts): string[] {
  const { User, Env, Labels } = image.Config
  return [
    ...(image.Size - base.Size > mostBytesAdded
      ? [`adds more than 60 MB to its base: ${megabytesAdded(image, base)} MB`]
      : []),
    ...(/^(0|root|)(:|$)/.test(User) ? ['runs as root'] : []),
    ...labels.filter((label) => !Labels?.[label]).map((label) => `has no label ${label}`),
    ...Env.filter((variable) => /SECRET|PASSWORD|TOKEN|DATABASE_URL/.test(variable)).map(
      (variable) => `has ${variable.split('=')[0]} in its environment`,
    ),
  ]
}

/** What an image adds to its base. */
export function megabytesAdded(image: ImageFacts, base: ImageFacts): number {
  return Math.round((image.Size - base.Size) / 100_000) / 10
}
