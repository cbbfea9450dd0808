import { clients } from './contestants.ts'
import { drive, type Load } from './drive.ts'

// A process that calls, from a new connection for each load that it is given, and tells what came of it.
const [name = ''] = process.argv.slice(2)
process.on('message', ({ port, ...load }: Load & { port: number }) => void run(port, load))
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function run(port: number, load: Load): Promise<void> {
  const client = clients[name]?.(port)
  if (!client) throw new Error(`There is no client ${name}`)
  process.send?.(await drive(client, load))
  client.close()
}
