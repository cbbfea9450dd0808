import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** The folder with this machine's PostgreSQL programs, if it has any. */
export function findPostgres(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** A PostgreSQL server of its own, reached through a socket file. */
export async function startPostgres(programs: string): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'books-pg-'))
  // PostgreSQL refuses to run as root; 65534 is `nobody`.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, env: { PATH: `${programs}:${dirname(process.execPath)}`, HOME: folder } }

  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'books', '--auth=trust', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  })
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses='], options)
  server.stderr.setEncoding('utf8')
  for await (const text of server.stderr.iterator({ destroyOnReturn: false }))
    if (text.includes('ready to accept')) break
  server.stderr.resume()

  return {
    url: `postgresql://books@localhost/postgres?host=${folder}`,
    async stop() {
      server.kill('SIGINT')
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
