import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'
import { prefixOf } from '@books/service'
import { services } from '@books/store/services'

/** The store in a process of its own that keeps nothing, with its metrics. */
export interface MeasuredStore {
  /** The response of `/metrics`. */
  scrape(): Promise<string>
  /** The response at a path of the marketplace. */
  read(path: string): Promise<string>
  stop(): Promise<void>
}

const freePorts = Object.fromEntries(services.map(({ name }) => [`${prefixOf(name)}PORT`, '0']))

/** Opens every service of the store on free ports, with metrics. */
export async function openMeasuredStore(): Promise<MeasuredStore> {
  const store = runProcess(new URL('../../../store/src/main.ts', import.meta.url), {
    ...{ ...freePorts, PORT: '0', METRICS_PORT: '0' },
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
