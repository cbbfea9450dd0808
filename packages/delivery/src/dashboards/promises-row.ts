import type { Row } from './dashboard-json.ts'
import { graph, number, type Panel } from './panel.ts'

// One page in a thousand: see observability/prometheus/rules.yaml, which records how many there are.
const budget = 0.001

/** What is promised of pages, and how much of the budget for breaking it is left. */
export const promisesRow: Row = {
  title: 'What is promised',
  panels: [
    budgetLeft(
      'pages_slow',
      'Budget for slow pages',
      'Of the pages of 30 days, one in a thousand may take longer than 300 ms.',
    ),
    budgetLeft(
      'pages_failed',
      'Budget for failures',
      'Of the pages of 30 days, one in a thousand may be answered with a failure of ours.',
    ),
    number({
      title: 'Alerts',
      description: 'Alerts that fire, of all services. Prometheus lists them under Alerts.',
      unit: 'none',
      queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'firing' }],
      thresholds: [{ from: 1, color: 'red' }],
    }),
    number({
      title: 'Pages a second',
      description: 'What visitors open: no probes, files, feeds or requests of programs.',
      unit: 'reqps',
      queries: [{ expr: 'job:pages:rate5m{job="$service"}', legend: 'pages' }],
    }),
    number({
      title: 'Slow pages',
      description: 'The share that took longer than 300 ms in the last five minutes.',
      unit: 'percentunit',
      queries: [{ expr: 'job:pages_slow:ratio_rate5m{job="$service"}', legend: 'slow' }],
      thresholds: [{ from: budget, color: 'orange' }],
    }),
    number({
      title: 'Replicas',
      description: 'How many answer Prometheus.',
      unit: 'none',
      queries: [{ expr: 'sum(up{job="$service"})', legend: 'up' }],
    }),
    burnRate('pages_slow', 'How fast the budget for slow pages is spent'),
    burnRate('pages_failed', 'How fast the budget for failures is spent'),
  ],
}

function budgetLeft(pages: string, title: string, promise: string): Panel {
  return number({
    title,
    description: `${promise} How much of that is left; below nothing, the promise is broken.`,
    unit: 'percentunit',
    queries: [{ expr: `1 - job:${pages}:ratio_rate30d{job="$service"} / ${budget}`, legend: 'left' }],
    below: 'red',
    thresholds: [
      { from: 0, color: 'orange' },
      { from: 0.25, color: 'green' },
    ],
  })
}

function burnRate(pages: string, title: string): Panel {
  return graph({
    title,
    description:
      'At 1 it lasts exactly its 30 days. Above 14.4 over an hour, or 6 over six hours, there is a page; above 3 over a day, or 1 over three days, a ticket.',
    unit: 'none',
    queries: ['1h', '6h', '1d', '3d'].map((window) => ({
      expr: `job:${pages}:ratio_rate${window}{job="$service"} / ${budget}`,
      legend: `over ${window}`,
    })),
    thresholds: [
      { from: 1, color: 'orange' },
      { from: 14.4, color: 'red' },
    ],
    width: 12,
  })
}
