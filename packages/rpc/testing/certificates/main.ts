import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeCertificates } from './folder.ts'

const usage = `Creates a development authority and a certificate for each service, for TLS and mTLS between them.

  make certs
  node packages/rpc/testing/certificates/main.ts <folder> <service>...

writes ca.crt and ca.key, and <service>.crt and <service>.key for each service. A certificate is valid for 90 days, for the
service's name, localhost, 127.0.0.1 and ::1, for use by a server and by a client. Running it again renews the certificates
and keeps the authority; running servers and clients reload them.
`

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } })
  if (values.help) console.log(usage)
  else await run(positionals)
} catch (error) {
  console.error(`certificates: ${(error as Error).message}`)
  process.exitCode = 1
}

async function run([target, ...services]: string[]) {
  if (!target || services.length === 0) throw new Error(`missing argument: a folder and a service\n\n${usage}`)
  const folder = resolve(target)

  const { isNewAuthority, notAfter } = await writeCertificates(folder, services, new Date())

  console.log(`${isNewAuthority ? 'A new' : 'The same'} authority signed, until ${notAfter.toISOString()}:\n`)
  for (const name of services) {
    console.log(`${name}:\n  TLS_CA=${folder}/ca.crt TLS_CERT=${folder}/${name}.crt TLS_KEY=${folder}/${name}.key`)
  }
}
