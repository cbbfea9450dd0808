import { resolve } from 'node:path'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { writeCertificates } from './folder.ts'

const help = `Creates a development authority and a certificate for each service, for TLS and mTLS between them.

  make certs
  node packages/rpc/testing/certificates/main.ts <folder> <service>...

writes ca.crt and ca.key, and <service>.crt and <service>.key for each service. A certificate is valid for 90 days, for the
service's name, localhost, 127.0.0.1 and ::1, for use by a server and by a client. Running it again renews the certificates
and keeps the authority; running servers and clients reload them.`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: [target, ...services] }) {
    if (!target || services.length === 0) throw new StartError(help)
    const folder = resolve(target)

    const written = writeCertificates(folder, services, new Date())
    const { isNewAuthority, notAfter } = await written.catch((error: Error) => {
      throw new StartError(error.message, { cause: error })
    })

    console.log(`${isNewAuthority ? 'A new' : 'The same'} authority signed, until ${notAfter.toISOString()}:\n`)
    for (const name of services) {
      console.log(`${name}:\n  TLS_CA=${folder}/ca.crt TLS_CERT=${folder}/${name}.crt TLS_KEY=${folder}/${name}.key`)
    }
  },
})
