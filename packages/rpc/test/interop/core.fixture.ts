import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const prelude = join(import.meta.dirname, 'core.rb')

/** How the programs of gRPC's C core speak TLS: a folder with `ca.pem`, `cert.pem` and `key.pem`; plaintext without. */
export type Certificates = string | undefined

/** Where ruby-grpc keeps the interoperability programs of gRPC's C core, or undefined where it is not installed. */
export function findCorePrograms(): string | undefined {
  try {
    const gem = execFileSync('ruby', ['-rgrpc', '-e', 'print Gem.loaded_specs["grpc"].gem_dir'], { stdio: 'pipe' })
    return join(gem.toString(), 'src/ruby/pb/test')
  } catch {
    return undefined
  }
}

/** Starts the server of the C core on a free port. */
export async function startCoreServer(programs: string, certificates: Certificates) {
  const args = ['-r', prelude, join(programs, 'server.rb'), '--port', '0', '--use_tls', String(Boolean(certificates))]
  const server = spawn('ruby', args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment(certificates) })
  const exited = once(server, 'exit')
  const [port] = await Promise.race([once(createInterface(server.stdout), 'line'), exited.then(endedEarly)])

  return {
    port: Number(port),
    async stop() {
      // Where it stops by itself, it may well end in a failed assertion of its own.
      server.kill('SIGKILL')
      await exited
    },
  }
}

/** Runs one case with the client of the C core. Rejects with what it printed where the case fails. */
export async function runCoreCase(programs: string, name: string, port: number, certificates: Certificates) {
  const server = ['--server_host', 'localhost', '--server_port', String(port)]
  const tls = ['--use_tls', String(Boolean(certificates)), '--use_test_ca', 'true']
  const args = ['-r', prelude, join(programs, 'client.rb'), ...server, '--test_case', name, ...tls]
  await promisify(execFile)('ruby', args, { env: environment(certificates) })
}

function endedEarly(): never {
  throw new Error("the C core's server ended before it listened")
}

function environment(certificates: Certificates): NodeJS.ProcessEnv {
  return { ...process.env, CERTIFICATES: certificates }
}
