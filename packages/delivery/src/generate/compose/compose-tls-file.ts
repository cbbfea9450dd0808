import type { AnyService } from '@books/service'
import { lines, notice } from '../names.ts'
import { writeYaml } from '../yaml.ts'

const comment = `${notice}

Every service shows a certificate of \`make certs\`, and accepts only callers that show one: \`make up TLS=1\`. The container
\`secrets\` copies them from certs/ into the volumes of the services.`

const certificates = {
  TLS_CA: '/run/secrets/ca.crt',
  TLS_CERT: '/run/secrets/tls.crt',
  TLS_KEY: '/run/secrets/tls.key',
}

/** The Compose file that is given after the first one to encrypt every call between services. */
export function composeTlsFile(services: readonly AnyService[]): string {
  const names = services.map(({ name }) => name)
  const content = {
    services: {
      secrets: {
        environment: { CERTIFICATES: lines(names) },
        // The keys belong to the user who made them.
        cap_add: ['DAC_READ_SEARCH'],
        volumes: ['../certs:/certs:ro'],
      },
      ...Object.fromEntries(names.map((name) => [name, { environment: certificates }])),
    },
  }
  return writeYaml([{ comment, content }])
}
