/** How a service is deployed, as far as its definition says nothing else. */
export const serviceDefaults = {
  memoryMib: { request: 160, limit: 512 },
  cpuMillis: { request: 100, limit: 1_000 },
  replicas: { min: 3, max: 6 },
}

/** The same for its jobs. */
export const jobDefaults = { memoryMib: { request: 128, limit: 512 }, cpuMillis: { request: 100, limit: 1_000 } }
