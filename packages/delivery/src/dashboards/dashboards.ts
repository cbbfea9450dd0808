import { dashboardJson } from './dashboard-json.ts'
import { grpcDashboard } from './grpc-dashboard.ts'
import { webDashboard } from './web-dashboard.ts'

/** One dashboard for each kind of service. */
export const dashboards = [webDashboard, grpcDashboard]

/** The files that Grafana reads, by name. */
export const dashboardFiles: ReadonlyMap<string, string> = new Map(
  dashboards.map((dashboard) => [
    `${dashboard.uid}.json`,
    `${JSON.stringify(dashboardJson(dashboard), undefined, 2)}\n`,
  ]),
)
