import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'

/** The store in a process of its own, with nothing kept, and where it is measured. */
export interface MeasuredStore {
  /** What `/metrics` answers. */
  scrape(): Promise<string>
  /** What is answered at a path of the shop. */
  read(path: string): Promise<string>
  stop(): Promise<void>
}

/** Opens every service of the store on free ports, measured. */
export async function openMeasuredStore(): Promise<MeasuredStore> {
  const store = runProcess(new URL('../../../store/src/main.ts', import.meta.url), {
    ...{ PORT: '0', RECOMMENDATIONS_PORT: '0', ARTICLES_PORT: '0', INVENTORY_PORT: '0', METRICS_PORT: '0' },
    ...{ DATA_DIR: 'memory://', LOG_LEVEL: 'info', LOG_FORMAT: 'json' },
  })
  const [, shopPort] = await store.prints(/Books is open: http:\/\/localhost:(\d+)/)
  const [, metricsPort] = await store.prints(/"port":(\d+),"msg":"metrics are served"/)
  return {
    scrape: async () => (await fetch(`http://localhost:${metricsPort}/metrics`)).text(),
    read: async (path) => (await fetch(`http://localhost:${shopPort}${path}`)).text(),
    stop: () => stopped(store),
  }
}

async function stopped({ child, ended }: ProcessUnderTest): Promise<void> {
  child.kill()
  await ended
}
