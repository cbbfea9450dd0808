import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { nameLabel } from '../generate/kubernetes/labels.ts'
import { hasKubectl, renderOverlay } from '../kubernetes/render-overlay.ts'
import { listKind } from '../kubernetes/resources.ts'
import { listRules, observability, ruleFiles } from '../watched/observability.ts'
import { findPromtool, runPromtool } from './promtool.fixture.ts'

const folder = new URL('prometheus/', observability)
const root = new URL('../', observability)
const testFiles = ['rules.test.yaml', 'rules-over-days.test.yaml', 'service-rules.test.yaml']
const promtool = findPromtool()
const alerts = ruleFiles.flatMap((file) => listRules(file)).filter(({ alert }) => alert !== undefined)

// Where a machine has no promtool these are reported as skipped; CI always has it.
;(promtool ? describe : describe.skip)('Prometheus', () => {
  it('takes its settings and its rules', async () => {
    expect(await check('config', 'prometheus.yaml')).toContain('2 rule files found')
    for (const file of ruleFiles) expect(await check('rules', file)).toContain(`${listRules(file).length} rules found`)
  })

  it('takes no rule that is none', async () => {
    const promise = runPromtool(promtool ?? '', new URL('.', import.meta.url), [
      'check',
      'rules',
      'promtool.fixture.ts',
    ])

    await expect(promise).rejects.toThrow('FAILED')
  })

  it.each(testFiles)('fires alerts as %s says', async (file) => {
    expect(await runPromtool(promtool ?? '', folder, ['test', 'rules', file])).toContain('SUCCESS')
  })
})

describe('an alert', () => {
  it.each(alerts)('says what it is about, how much it matters and what to do ($alert, $labels.severity)', (alert) => {
    const { labels, annotations = {} } = alert
    const [file = '', anchor] = annotations['runbook']?.split('#') ?? []

    expect(['page', 'ticket']).toContain(labels?.['severity'])
    expect(annotations).toMatchObject({
      summary: expect.stringContaining('{{ $labels.'),
      description: expect.any(String),
    })
    expect(anchorsOf(readFileSync(new URL(file, root), 'utf8'))).toContain(anchor)
  })

  it.each(alerts)('fires in a test ($alert, $labels.severity)', ({ alert, labels }) => {
    const tests = testFiles.map((file) => readFileSync(new URL(file, folder), 'utf8'))

    expect(tests.join('')).toMatch(
      new RegExp(`labels: ['"]?ALERTS\\{alertname="${alert}".*severity="${labels?.['severity']}"`),
    )
  })
})

// Debian's promtool knows nothing of clusters, and would refuse these settings.
describe('what Prometheus asks in a cluster', () => {
  const { scrape_configs } = parse(readFileSync(new URL('prometheus-kubernetes.yaml', folder), 'utf8'))
  const relabelled = new Map<string, Record<string, string>>(
    scrape_configs[0].relabel_configs.map((rule: { source_labels: string[] }) => [rule.source_labels.join(), rule]),
  )

  ;(hasKubectl() ? it : it.skip)('is every service, by a port and a label that all of their pods have', () => {
    const { regex } = relabelled.get('__meta_kubernetes_pod_container_port_name') ?? {}
    const [job] = [...relabelled].find(([, rule]) => rule['target_label'] === 'job') ?? []
    const label = nameLabel.replaceAll(/\W/g, '_')

    expect(job).toBe(`__meta_kubernetes_pod_label_${label}`)
    for (const { spec, metadata } of listKind(renderOverlay('production'), 'Deployment')) {
      const ports = spec?.template.spec?.containers.flatMap(({ ports = [] }) => ports) ?? []
      expect(ports).toContainEqual({ name: regex, containerPort: 9_464 })
      expect(spec?.template.metadata?.labels?.[nameLabel]).toBe(metadata?.name)
    }
  })
})

function check(what: string, file: string): Promise<string> {
  return runPromtool(promtool ?? '', folder, ['check', what, file])
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
