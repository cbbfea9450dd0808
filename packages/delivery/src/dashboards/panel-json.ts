import type { Panel } from './panel.ts'

/** Where a panel stands, and how high it is. */
export interface Place {
  x: number
  y: number
  h: number
  w: number
}

const datasource = { type: 'prometheus', uid: '${datasource}' }
const types = { graph: 'timeseries', number: 'stat' }

/** A panel as Grafana reads it. */
export function panelJson(panel: Panel, id: number, gridPos: Place) {
  const { kind, title, description, unit, queries } = panel
  return {
    id,
    type: types[kind],
    title,
    description,
    datasource,
    gridPos,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      expr,
      legendFormat: legend,
      ...(kind === 'number' ? { instant: true, range: false } : { range: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(kind === 'graph' && { min: 0 }),
        thresholds: thresholdsJson(panel),
        custom: customOf(panel),
      },
      overrides: [],
    },
    options: optionsOf(panel),
  }
}

function thresholdsJson({ kind, thresholds = [], below = 'green' }: Panel) {
  const base = kind === 'graph' ? 'transparent' : below
  return {
    mode: 'absolute',
    steps: [{ color: base, value: null }, ...thresholds.map(({ from, color }) => ({ color, value: from }))],
  }
}

function customOf({ kind, thresholds }: Panel) {
  if (kind === 'number') return {}
  return {
    lineWidth: 1,
    fillOpacity: 8,
    showPoints: 'never',
    spanNulls: false,
    thresholdsStyle: { mode: thresholds ? 'dashed' : 'off' },
  }
}

function optionsOf({ kind }: Panel) {
  if (kind === 'number') {
    return { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none', textMode: 'auto' }
  }
  return {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  }
}
