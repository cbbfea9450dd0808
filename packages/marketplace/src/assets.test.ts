import { describe, expect, it } from '@jest/globals'
import { loadAssets } from './assets.ts'

describe('the preview picture', () => {
  it('is a PNG of the size of Open Graph images, and below 150 KB', () => {
    const { body, type } = loadAssets().preview

    const size = [body.readUInt32BE(16), body.readUInt32BE(20)]
    expect([type, body.toString('latin1', 1, 4), size]).toEqual(['image/png', 'PNG', [1200, 630]])
    expect(body.length).toBeLessThan(150_000)
  })
})
