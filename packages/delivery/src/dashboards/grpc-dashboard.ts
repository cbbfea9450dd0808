import { callsMadeRow } from './calls-made-row.ts'
import type { Dashboard } from './dashboard-json.ts'
import { graph, number } from './panel.ts'
import { processRow } from './process-row.ts'
import { here, quantileBy, quantiles, rateBy } from './queries.ts'

const duration = 'rpc_server_call_duration'
// Health and reflection serve machines, not callers.
const calls = `${here}, rpc_method!~"grpc[.].*"`
// The statuses that are a server's fault, by OpenTelemetry's conventions.
const failed = `${calls}, rpc_status_code=~"UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"`

const callsBy = (selector: string) => rateBy(['rpc_method'], `${duration}_count`, selector)

/** A service that answers gRPC. */
export const grpcDashboard: Dashboard = {
  uid: 'books-grpc',
  title: 'Books: gRPC services',
  description: 'What callers get, how fast, and what it costs.',
  foundBy: `${duration}_count`,
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Replicas',
          description: 'How many answer Prometheus.',
          unit: 'none',
          queries: [{ expr: 'sum(up{job="$service"})', legend: 'up' }],
          width: 6,
        }),
        number({
          title: 'Calls a second',
          description: 'Without health checks and reflection.',
          unit: 'reqps',
          queries: [{ expr: 'job:calls:rate5m{job="$service"}', legend: 'calls' }],
          width: 6,
        }),
        number({
          title: 'Calls that fail',
          description:
            'The share of the last five minutes that is the fault of the service. Above 1 % there is a ticket.',
          unit: 'percentunit',
          queries: [{ expr: 'job:calls_failed:ratio_rate5m{job="$service"}', legend: 'failed' }],
          thresholds: [{ from: 0.01, color: 'red' }],
          width: 6,
        }),
        number({
          title: 'Calls under way',
          description: 'Calls that wait for an answer. A server accepts 1,000 of them by default.',
          unit: 'short',
          queries: [{ expr: `sum(rpc_server_active_calls{${calls}})`, legend: 'calls' }],
          width: 6,
        }),
      ],
    },
    {
      title: 'Calls',
      panels: [
        graph({
          title: 'Calls by method',
          description: 'Without health checks and reflection.',
          unit: 'reqps',
          queries: [{ expr: callsBy(calls), legend: '{{rpc_method}}' }],
        }),
        graph({
          title: 'Calls that did not end well, by status',
          description:
            'NOT_FOUND and INVALID_ARGUMENT are answers, CANCELLED a caller who left, RESOURCE_EXHAUSTED one too many. The others are faults.',
          unit: 'reqps',
          queries: [
            {
              expr: rateBy(['rpc_method', 'rpc_status_code'], `${duration}_count`, `${calls}, rpc_status_code!="OK"`),
              legend: '{{rpc_method}} {{rpc_status_code}}',
            },
          ],
        }),
        graph({
          title: 'Share of calls that fail, by method',
          description: 'Only what is the fault of the service.',
          unit: 'percentunit',
          queries: [
            {
              // A method that never failed has no series of failures, and that is not to look like no data.
              expr: `(${callsBy(failed)} or 0 * ${callsBy(calls)}) / ${callsBy(calls)}`,
              legend: '{{rpc_method}}',
            },
          ],
          thresholds: [{ from: 0.01, color: 'red' }],
        }),
        graph({
          title: 'How long calls take',
          description: 'Half, 95 % and 99 % of them take less; a stream takes as long as it is open.',
          unit: 's',
          queries: quantiles(duration, calls),
        }),
        graph({
          title: 'How long calls take, p95 by method',
          description: 'Which method is slow.',
          unit: 's',
          queries: [{ expr: quantileBy(0.95, ['rpc_method'], duration, calls), legend: '{{rpc_method}}' }],
        }),
        graph({
          title: 'Calls under way, by method',
          description: 'Calls that wait for an answer, and streams that are open.',
          unit: 'short',
          queries: [{ expr: `sum by (rpc_method) (rpc_server_active_calls{${calls}})`, legend: '{{rpc_method}}' }],
        }),
      ],
    },
    callsMadeRow,
    processRow,
  ],
}
