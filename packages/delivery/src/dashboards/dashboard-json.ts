import type { Panel } from './panel.ts'
import { panelJson } from './panel-json.ts'

/** Panels that belong together, under a heading. */
export interface Row {
  title: string
  panels: readonly Panel[]
}

/** A dashboard of one kind of service. Its queries know which one is looked at as `$service`, and its replicas as `$instance`. */
export interface Dashboard {
  /** Its name in URLs, and that of its file. */
  uid: string
  title: string
  description: string
  /** A metric that every service of this kind has: how they are found. */
  foundBy: string
  rows: readonly Row[]
}

const columns = 24
const heights = { graph: 8, number: 4 }

/** A dashboard as Grafana reads it. */
export function dashboardJson({ uid, title, description, foundBy, rows }: Dashboard) {
  return {
    uid,
    title,
    description,
    tags: ['books'],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    templating: { list: variablesJson(foundBy) },
    panels: placedPanels(rows),
  }
}

function variablesJson(foundBy: string) {
  const variable = { type: 'query', datasource: { type: 'prometheus', uid: '${datasource}' }, refresh: 2, sort: 1 }
  return [
    { type: 'datasource', name: 'datasource', label: 'Prometheus', query: 'prometheus' },
    { ...variable, name: 'service', label: 'Service', query: `label_values(${foundBy}, job)` },
    {
      ...variable,
      name: 'instance',
      label: 'Replica',
      query: `label_values(${foundBy}{job="$service"}, instance)`,
      multi: true,
      includeAll: true,
      allValue: '.*',
      current: { text: 'All', value: '$__all' },
    },
  ]
}

/** The panels of each row from left to right, as many as fit beside each other, below the row's heading. */
function placedPanels(rows: readonly Row[]) {
  const placed: object[] = []
  let y = 0
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, h: 1, w: columns },
    })
    y++
    let x = 0
    let lineHeight = 0
    for (const panel of panels) {
      if (x + panel.width > columns) {
        y += lineHeight
        x = 0
        lineHeight = 0
      }
      const h = heights[panel.kind]
      placed.push(panelJson(panel, placed.length + 1, { x, y, h, w: panel.width }))
      x += panel.width
      lineHeight = Math.max(lineHeight, h)
    }
    y += lineHeight
  }
  return placed
}
