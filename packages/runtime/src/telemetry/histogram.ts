import type { Attributes, Histogram as HistogramInstrument, HrTime } from '@opentelemetry/api'
import type { DataPoint, Histogram as HistogramValue } from '@opentelemetry/sdk-metrics'

// The SDK's own limit of the series of one instrument.
const maxCells = 2_000
const overflow: Attributes = { 'otel.metric.overflow': true }

/** A histogram with fixed buckets, whose frozen attributes are sorted and hashed once and not, as by the SDK, for each measurement. */
export class Histogram implements HistogramInstrument {
  readonly #boundaries: number[]
  readonly #cells = new Map<string, Cell>()
  readonly #cellOfFrozen = new WeakMap<Attributes, Cell>()

  /** The inclusive upper limits of the buckets, in ascending order. */
  constructor(boundaries: readonly number[]) {
    this.#boundaries = [...boundaries]
  }

  /** Ignores what is not a number, or negative. */
  record(value: number, attributes: Attributes = {}): void {
    if (!(value >= 0)) return
    const cell = this.#cellOfFrozen.get(attributes) ?? this.#findCell(attributes)
    let bucket = 0
    // Most are in the first few.
    while (value > (this.#boundaries[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
    cell.counts[bucket] = (cell.counts[bucket] ?? 0) + 1
    cell.count++
    cell.sum += value
    cell.min = Math.min(cell.min, value)
    cell.max = Math.max(cell.max, value)
  }

  /** The measurements so far. */
  dataPoints(endTime: HrTime): DataPoint<HistogramValue>[] {
    return Array.from(this.#cells.values(), ({ attributes, startTime, counts, ...value }) => ({
      ...{ attributes, startTime, endTime },
      value: { ...value, buckets: { boundaries: this.#boundaries, counts: [...counts] } },
    }))
  }

  #findCell(attributes: Attributes): Cell {
    const key = JSON.stringify(Object.entries(attributes).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    const cell = this.#cells.get(key) ?? this.#addCell(key, attributes)
    if (Object.isFrozen(attributes)) this.#cellOfFrozen.set(attributes, cell)
    return cell
  }

  #addCell(key: string, attributes: Attributes): Cell {
    if (this.#cells.size >= maxCells - 1 && attributes !== overflow) return this.#findCell(overflow)
    const cell: Cell = {
      attributes: { ...attributes },
      startTime: hrTimeNow(),
      counts: Array.from({ length: this.#boundaries.length + 1 }, () => 0),
      count: 0,
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    }
    this.#cells.set(key, cell)
    return cell
  }
}

/** The measurements with the same attributes. */
interface Cell {
  attributes: Attributes
  startTime: HrTime
  counts: number[]
  count: number
  sum: number
  min: number
  max: number
}

/** The time as OpenTelemetry writes it, seconds since 1970 and nanoseconds. */
export function hrTimeNow(): HrTime {
  const ms = Date.now()
  return [Math.trunc(ms / 1_000), (ms % 1_000) * 1_000_000]
}
