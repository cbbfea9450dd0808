import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { plantedBugs } from './bugs.ts'

const packages = new URL('../../../../', import.meta.url)

describe('planted faults', () => {
  it('are twelve', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(12)
  })

  // Where a source has changed, the fault is to be written anew.
  it.each(
    plantedBugs.flatMap(({ name, replacements }) => replacements.map((each) => [name, each.file, each] as const)),
  )('still fit the sources: %s, %s', (_name, _file, { file, find }) => {
    const source = readFileSync(new URL(file, packages), 'utf8')

    expect(source.split(find)).toHaveLength(2)
  })
})
