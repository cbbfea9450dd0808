import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { observability } from './watched/observability.ts'

type Settings = Record<'receivers' | 'processors' | 'exporters', Record<string, unknown>> & {
  service: { pipelines: Record<string, Record<'receivers' | 'processors' | 'exporters', string[]>> }
}

const settings: Settings = read('collector.yaml')
const forwarding: Settings = read('collector-forward.yaml')
const kinds = ['receivers', 'processors', 'exporters'] as const

describe('the collector', () => {
  it('takes OTLP where services send it', () => {
    const { grpc, http } = Object(settings.receivers['otlp']).protocols

    expect([grpc.endpoint, http.endpoint]).toEqual(['0.0.0.0:4317', '0.0.0.0:4318'])
  })

  it('uses all that it has, and has all that it uses', () => {
    for (const pipeline of Object.values(settings.service.pipelines))
      for (const kind of kinds) expect(pipeline[kind].toSorted()).toEqual(Object.keys(settings[kind]).toSorted())
  })

  it('refuses what would not fit before it does anything else', () => {
    expect(settings.service.pipelines['traces']?.processors[0]).toBe('memory_limiter')
  })

  it('goes on to write where it forwards', () => {
    const exporters = Object.keys({ ...settings.exporters, ...forwarding.exporters })

    expect(forwarding.service.pipelines['traces']?.exporters).toEqual(exporters)
  })
})

function read(file: string): Settings {
  return parse(readFileSync(new URL(file, observability), 'utf8'))
}
