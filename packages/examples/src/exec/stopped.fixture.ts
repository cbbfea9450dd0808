import { start } from './exec-server.fixture.ts'

// A process that starts exec, fails to start another on the same port, and stops: if nothing is left behind, it ends.
const server = await start()
await start({ PORT: server.port }).catch(({ code }) => console.log(code))
await server.stop()
console.log('stopped')
