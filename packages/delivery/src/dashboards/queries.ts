import type { Query } from './panel.ts'

/** The series of the service that is looked at, and of its replicas that are. */
export const here = 'job="$service", instance=~"$instance"'

/** How often something happened in a second, by these labels. */
export function rateBy(labels: readonly string[], counter: string, selector = here): string {
  return `sum by (${labels.join(', ')}) (rate(${counter}{${selector}}[$__rate_interval]))`
}

/** The duration, in seconds, that a share of all stayed below, of each combination of these labels. */
export function quantileBy(share: number, labels: readonly string[], histogram: string, selector = here): string {
  return `histogram_quantile(${share}, ${rateBy([...labels, 'le'], `${histogram}_bucket`, selector)})`
}

/** The durations that half, 95 % and 99 % of all stayed below. */
export function quantiles(histogram: string, selector = here): Query[] {
  return [0.5, 0.95, 0.99].map((share) => ({
    expr: quantileBy(share, [], histogram, selector),
    legend: `p${share * 100}`,
  }))
}
