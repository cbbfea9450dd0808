import { callsMadeRow } from './calls-made-row.ts'
import type { Dashboard } from './dashboard-json.ts'
import { graph } from './panel.ts'
import { processRow } from './process-row.ts'
import { promisesRow } from './promises-row.ts'
import { here, quantileBy, quantiles, rateBy } from './queries.ts'

const duration = 'http_server_request_duration'
const requests = `${here}, http_route!~"/healthz|/readyz"`

/** A service that answers browsers. */
export const webDashboard: Dashboard = {
  uid: 'books-web',
  title: 'Books: web',
  description: 'What visitors get, how fast, and what it is made from.',
  foundBy: `${duration}_count`,
  rows: [
    promisesRow,
    {
      title: 'Pages',
      panels: [
        graph({
          title: 'Requests by route',
          description: 'Without probes. Requests without a route led nowhere.',
          unit: 'reqps',
          queries: [
            {
              expr: rateBy(['http_request_method', 'http_route'], `${duration}_count`, requests),
              legend: '{{http_request_method}} {{http_route}}',
            },
          ],
        }),
        graph({
          title: 'Failures by route',
          description:
            'Answers with a status of 500 or more: faults of ours, services without which a feed or the API has nothing to say, and visitors who were turned away from a full shop.',
          unit: 'reqps',
          queries: [
            {
              expr: rateBy(
                ['http_route', 'http_response_status_code'],
                `${duration}_count`,
                `${requests}, http_response_status_code=~"5.."`,
              ),
              legend: '{{http_response_status_code}} {{http_route}}',
            },
            {
              expr: `sum by (job) (rate(books_visitors_turned_away_total{${here}}[$__rate_interval]))`,
              legend: 'turned away',
            },
          ],
        }),
        graph({
          title: 'Requests under way',
          description: 'Requests that wait for an answer. What only rises is stuck.',
          unit: 'short',
          queries: [{ expr: `sum by (instance) (http_server_active_requests{${here}})`, legend: '{{instance}}' }],
        }),
        graph({
          title: 'How long requests take',
          description: 'Half, 95 % and 99 % of them take less. 300 ms are promised of 99.9 % of pages.',
          unit: 's',
          queries: quantiles(duration, requests),
          thresholds: [{ from: 0.3, color: 'red' }],
        }),
        graph({
          title: 'How long requests take, p95 by route',
          description: 'Which page is slow.',
          unit: 's',
          queries: [{ expr: quantileBy(0.95, ['http_route'], duration, requests), legend: '{{http_route}}' }],
          thresholds: [{ from: 0.3, color: 'red' }],
        }),
        graph({
          title: 'Slower than 300 ms, by route',
          description: 'How many a second: where the budget goes.',
          unit: 'reqps',
          queries: [
            {
              expr: `${rateBy(['http_route'], `${duration}_count`, requests)} - ${rateBy(['http_route'], `${duration}_bucket`, `${requests}, le="0.3"`)}`,
              legend: '{{http_route}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'What pages are made from',
      panels: [
        graph({
          title: 'Answers that are not fresh',
          description:
            '`remembered`: the service did not answer, and visitors see what it said before. `none`: nothing was remembered, either, and a part of the page is missing.',
          unit: 'reqps',
          queries: [
            {
              expr: rateBy(['dependency', 'outcome'], 'books_source_answers_total', `${here}, outcome!="fresh"`),
              legend: '{{dependency}}: {{outcome}}',
            },
          ],
        }),
        graph({
          title: 'Share of fresh answers',
          description: 'Of all that pages asked of a service.',
          unit: 'percentunit',
          queries: [
            {
              expr: `${rateBy(['dependency'], 'books_source_answers_total', `${here}, outcome="fresh"`)} / ${rateBy(['dependency'], 'books_source_answers_total')}`,
              legend: '{{dependency}}',
            },
          ],
        }),
        graph({
          title: 'Services that are left alone',
          description:
            'How many replicas have stopped asking a service, as most of its answers failed. They try it again every few seconds.',
          unit: 'short',
          queries: [{ expr: `sum by (dependency) (books_source_left_alone{${here}})`, legend: '{{dependency}}' }],
          thresholds: [{ from: 1, color: 'red' }],
        }),
      ],
    },
    callsMadeRow,
    processRow,
  ],
}
