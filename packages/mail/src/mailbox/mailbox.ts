import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime from 'postal-mime'

/** A mail in the local mailbox. */
export interface StoredMail {
  /** The name of its file without `.eml`. */
  name: string
  time: Date
  to: string
  subject: string
  text: string
  html: string
  headers: readonly { name: string; value: string }[]
}

/** A folder of mails that no server takes, each a file `<time>-<hash of its key>.eml`. */
export interface Mailbox {
  /** Adds a mail, whole or not at all. The oldest ones above the limit are removed. */
  add(key: string, message: Uint8Array): Promise<void>
  /** The newest first, at most `limit`. */
  list(limit: number): Promise<StoredMail[]>
  find(name: string): Promise<StoredMail | undefined>
}

const mostKept = 500
const fileName = /^\d{8}T\d{9}Z-[0-9a-f]{12}\.eml$/

/** The mailbox in a folder, which is created by the first mail. */
export function createMailbox(folder: string, { now = () => new Date(), kept = mostKept } = {}): Mailbox {
  let lastMs = 0

  async function listNames(): Promise<string[]> {
    const files = await readdir(folder).catch(() => [])
    return files
      .filter((file) => fileName.test(file))
      .toSorted()
      .toReversed()
  }

  async function find(name: string): Promise<StoredMail | undefined> {
    if (!fileName.test(`${name}.eml`)) return undefined
    const message = await readFile(join(folder, `${name}.eml`)).catch(() => undefined)
    return message && readMail(name, message)
  }

  return {
    find,

    async add(key, message) {
      await mkdir(folder, { recursive: true })
      const hash = createHash('sha256').update(key).digest('hex').slice(0, 12)
      // No two of this process have the same time, so that their order is that in which they came.
      lastMs = Math.max(lastMs + 1, now().getTime())
      const time = new Date(lastMs).toISOString().replaceAll(/[-:.]/g, '')
      const unfinished = join(folder, `${randomUUID()}.new`)
      await writeFile(unfinished, message)
      await rename(unfinished, join(folder, `${time}-${hash}.eml`))
      for (const name of (await listNames()).slice(kept)) await rm(join(folder, name), { force: true })
    },

    async list(limit) {
      const names = (await listNames()).slice(0, limit)
      const mails = await Promise.all(names.map((name) => find(name.slice(0, -'.eml'.length))))
      // One may have been removed meanwhile.
      return mails.filter((mail) => mail !== undefined)
    },
  }
}

async function readMail(name: string, message: Uint8Array): Promise<StoredMail> {
  const { date, to = [], subject = '', text = '', html = '', headers } = await PostalMime.parse(message)
  return {
    name,
    time: new Date(date ?? 0),
    to: to.map(({ address }) => address ?? '').join(', '),
    subject,
    text,
    html,
    headers: headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
  }
}
