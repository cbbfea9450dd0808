import type { Row } from './dashboard-json.ts'
import { graph } from './panel.ts'
import { here, quantileBy, rateBy } from './queries.ts'

const selector = `${here}, rpc_method!~"grpc[.].*"`

/** The calls that a service makes to others. */
export const callsMadeRow: Row = {
  title: 'Calls to other services',
  panels: [
    graph({
      title: 'Calls that did not end well, by status',
      description:
        'NOT_FOUND and INVALID_ARGUMENT are answers; anything else says that the other side, or the way there, is in trouble.',
      unit: 'reqps',
      queries: [
        {
          expr: rateBy(
            ['rpc_method', 'rpc_status_code'],
            'rpc_client_call_duration_count',
            `${selector}, rpc_status_code!="OK"`,
          ),
          legend: '{{rpc_method}} {{rpc_status_code}}',
        },
      ],
    }),
    graph({
      title: 'How long calls take, p95 by method',
      description:
        'Includes the network, retries, and the wait for a connection. Compare with what the other side measures.',
      unit: 's',
      queries: [
        { expr: quantileBy(0.95, ['rpc_method'], 'rpc_client_call_duration', selector), legend: '{{rpc_method}}' },
      ],
    }),
    graph({
      title: 'Calls under way, by method',
      description: 'Calls that wait for an answer. What only rises is stuck.',
      unit: 'short',
      queries: [{ expr: `sum by (rpc_method) (rpc_client_active_calls{${selector}})`, legend: '{{rpc_method}}' }],
    }),
  ],
}
