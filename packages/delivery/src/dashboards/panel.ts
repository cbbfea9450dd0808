/** A line of a graph, or a number: a query in PromQL, and what its series are called. */
export interface Query {
  expr: string
  /** Labels stand in double braces. */
  legend: string
}

/** Where a value begins to mean something else. */
export interface Threshold {
  from: number
  color: 'green' | 'orange' | 'red'
}

/** What a dashboard shows in one place. */
export interface Panel {
  kind: 'graph' | 'number'
  title: string
  /** What one sees, and what to think of it. */
  description: string
  /** The unit by Grafana's name for it. */
  unit: 'reqps' | 's' | 'percentunit' | 'short' | 'bytes' | 'none'
  queries: readonly Query[]
  /** In rising order. */
  thresholds?: readonly Threshold[]
  /** The color of a number below the first threshold; green unless given. */
  below?: Threshold['color']
  /** Of 24 columns. */
  width: number
}

/** A graph over time, a third of a row wide unless it says otherwise. */
export function graph(panel: Omit<Panel, 'kind' | 'width'> & { width?: number }): Panel {
  return { width: 8, ...panel, kind: 'graph' }
}

/** The newest value as a number. */
export function number(panel: Omit<Panel, 'kind' | 'width'> & { width?: number }): Panel {
  return { width: 4, ...panel, kind: 'number' }
}
