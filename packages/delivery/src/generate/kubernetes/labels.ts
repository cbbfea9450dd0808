import type { AnyService } from '@books/service'

/** The label by which everything selects the pods of a workload. */
export const nameLabel = 'app.kubernetes.io/name'

/** Selects the pods of a service or a job. */
export function podsOf(name: string) {
  return { matchLabels: { [nameLabel]: name } }
}

/** The labels of the pods of a service, or of one of its jobs. A network policy lets those through that keep data. */
export function podLabelsOf({ migrations }: AnyService, name: string): Record<string, string> {
  return { [nameLabel]: name, ...(migrations && { 'books/keeps-data': 'true' }) }
}
