import { describe, expect, it } from '@jest/globals'
import { dashboardFiles, dashboards } from './dashboards.ts'
import type { Place } from './panel-json.ts'

describe('the dashboards', () => {
  it('explain every panel, and fill no row beyond its width', () => {
    for (const [name, text] of dashboardFiles) {
      const { panels } = JSON.parse(text)
      for (const { type, description, gridPos } of panels) {
        if (type !== 'row') expect([name, description]).toEqual([name, expect.stringMatching(/\w{3}.*\.$/)])
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      }
    }
  })

  it('have no two panels in one place', () => {
    for (const text of dashboardFiles.values()) {
      const cells = JSON.parse(text).panels.flatMap(({ gridPos }: { gridPos: Place }) => cellsOf(gridPos))
      expect(new Set(cells).size).toBe(cells.length)
    }
  })

  it('look at one service and its replicas, but for what is summed up by service', () => {
    const queries = dashboards.flatMap(({ rows }) =>
      rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)),
    )

    for (const { expr } of queries.filter((query) => !query.expr.includes('ALERTS')))
      expect(expr).toMatch(/job="\$service", instance=~"\$instance"|(job:\w+:\w+|up)\{job="\$service"\}/)
  })
})

function cellsOf({ x, y, w, h }: Place): string[] {
  return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`)
}
