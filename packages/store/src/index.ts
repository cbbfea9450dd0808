export { createProgress, type Progress } from './progress.ts'
export { services } from './services.ts'
export { knownVariables, readStoreSettings, type StoreSettings } from './settings.ts'
export { type OpenStore, type StoreDeps, startStore } from './start-store.ts'
