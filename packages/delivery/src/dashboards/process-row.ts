import type { Row } from './dashboard-json.ts'
import { graph } from './panel.ts'
import { here } from './queries.ts'

/** What every process has, one line for each replica. */
export const processRow: Row = {
  title: 'Processes',
  panels: [
    graph({
      title: 'Event loop: share of time at work',
      description:
        'One thread runs all JavaScript. Close to 1 it has no time left, and everything waits: add replicas.',
      unit: 'percentunit',
      queries: [{ expr: `nodejs_eventloop_utilization{${here}}`, legend: '{{instance}}' }],
      thresholds: [
        { from: 0.7, color: 'orange' },
        { from: 0.9, color: 'red' },
      ],
    }),
    graph({
      title: 'Event loop: how late it was, p99',
      description:
        'How long a timer that was due had to wait for work that ran. All requests of the replica waited as long.',
      unit: 's',
      queries: [{ expr: `nodejs_eventloop_delay_p99{${here}}`, legend: '{{instance}}' }],
      thresholds: [{ from: 0.1, color: 'orange' }],
    }),
    graph({
      title: 'CPU',
      description:
        'Cores in use. More than one is work beside the event loop: training, garbage collection, encryption.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (instance) (rate(process_cpu_time_total{${here}}[$__rate_interval]))`,
          legend: '{{instance}}',
        },
      ],
    }),
    graph({
      title: 'Memory of the process',
      description: 'What counts against the limit of its container.',
      unit: 'bytes',
      queries: [{ expr: `process_memory_usage{${here}}`, legend: '{{instance}}' }],
    }),
    graph({
      title: 'Memory of JavaScript',
      description: 'What is in use of the heap. A sawtooth is healthy; teeth that end higher each time are a leak.',
      unit: 'bytes',
      queries: [{ expr: `sum by (instance) (v8js_memory_heap_used{${here}})`, legend: '{{instance}}' }],
    }),
    graph({
      title: 'Age',
      description: 'How long each replica has run. A line that falls to nothing is a restart.',
      unit: 's',
      queries: [{ expr: `process_uptime{${here}}`, legend: '{{instance}}' }],
    }),
  ],
}
