import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** The folder with this machine's PostgreSQL programs; undefined where there are none. */
export function findPostgres(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** A PostgreSQL server of its own, reached through a socket file. */
export interface Postgres {
  url: string
  /** Ends it with all its connections at once, like a crash, so that a restart has to recover. */
  kill(): Promise<void>
  /** Starts it again after a kill. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a PostgreSQL server from the folder with its programs. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'books-pg-'))
  // PostgreSQL refuses to run as root; 65534 has no rights.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, env: { PATH: `${programs}:${dirname(process.execPath)}`, HOME: folder } }

  const cluster = ['-D', data, '-U', 'books', '--auth=trust', '--encoding=UTF8', '--no-sync', '--wal-segsize=1']
  execFileSync(join(programs, 'initdb'), cluster, { ...options, stdio: 'ignore' })
  const start = () =>
    startProgram(
      join(programs, 'postgres'),
      ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
      options,
    )
  let server = await start()

  return {
    url: `postgresql://books@localhost/postgres?host=${folder}`,
    // Not SIGKILL, which leaves processes of the server that block a restart.
    kill: () => end(server, 'QUIT\n'),
    async restart() {
      server = await start()
    },
    async stop() {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// The server ends, and leaves nothing, with the process or thread that started it: its shell reads the end of its input.
const watched = `
  "$@" & exec 2>&-
  if read -r signal; then kill -s "$signal" $!; wait
  else kill -s INT $!; wait; /bin/rm -rf "$HOME"; fi`

/** Resolves once the server is ready. */
async function startProgram(program: string, args: string[], options: object): Promise<ChildProcess> {
  const server = spawn('/bin/sh', ['-c', watched, 'sh', program, ...args], {
    ...options,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('ready to accept')) resolve()
    })
    server.stderr.once('end', () => reject(new Error(`PostgreSQL did not start: ${output}`)))
  })
  // A server whose messages are not read stops once the pipe is full.
  server.stderr.removeAllListeners('data').resume()
  // It ends with this process, and does not keep it.
  for (const handle of [server, server.stdin as Socket, server.stderr as Socket]) handle.unref()
  return server
}

async function end(server: ChildProcess, signal = ''): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.ref()
  server.stdin?.end(signal)
  await once(server, 'exit')
}
