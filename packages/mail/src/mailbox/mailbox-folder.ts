import { join } from 'node:path'

/** The folder of the local mailbox; undefined where the data are in memory and no folder is named. */
export function mailboxFolderOf({
  MAILBOX_DIR,
  DATA_DIR = '.data',
}: {
  MAILBOX_DIR?: string
  DATA_DIR?: string
}): string | undefined {
  if (MAILBOX_DIR) return MAILBOX_DIR
  return DATA_DIR.startsWith('memory://') ? undefined : join(DATA_DIR, 'mailbox')
}
