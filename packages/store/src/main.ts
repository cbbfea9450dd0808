import { enableCompileCache } from 'node:module'

// Modules are compiled at the first start only.
enableCompileCache()
const { runStore } = await import('./run-store.ts')
await runStore(process.env)
