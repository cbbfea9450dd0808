import { StartError } from '@books/runtime'
import { choiceOption } from '@books/runtime/commands'
import type { TlsFiles } from '../../src/tls/tls-files.ts'

/** What both commands take. The names with underscores are those that grpc gave its own interoperability programs. */
export const sharedOptions = {
  use_tls: choiceOption(['true', 'false'], 'false'),
  ca_file: { type: 'string' },
  cert_file: { type: 'string' },
  key_file: { type: 'string' },
} as const

/** How the options that both commands take are explained. */
export const sharedHelp = `  --use_tls=true|false    whether to speak TLS; false
  --ca_file=PATH          whom to trust, as a PEM file
  --cert_file=PATH        the own certificate, as a PEM file
  --key_file=PATH         the key of that certificate, as a PEM file
  --help                  show this`

interface SharedValues {
  use_tls: string
  ca_file?: string | undefined
  cert_file?: string | undefined
  key_file?: string | undefined
}

/** The TLS files that a command was given, or undefined for plaintext. */
export function readTlsFiles(values: SharedValues): TlsFiles | undefined {
  const { use_tls, ca_file: ca, cert_file: cert, key_file: key } = values
  if (use_tls !== 'true') return undefined
  if (!ca || !cert || !key) throw new StartError('--use_tls=true needs --ca_file, --cert_file and --key_file')
  return { ca, cert, key }
}
