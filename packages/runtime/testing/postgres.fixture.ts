import { parentPort } from 'node:worker_threads'
import { findPostgres, startPostgres } from './postgres.ts'

// Starts a server, posts its address, and never stops it.
const { url } = await startPostgres(findPostgres() ?? '')
parentPort?.postMessage(url)
setInterval(() => {}, 60_000)
