import { clients } from './contestants.ts'
import { drive, type Load } from './drive.ts'

// A process that makes calls, on a new connection for each load that it receives, and reports the result.
const [name = ''] = process.argv.slice(2)
process.on('message', ({ port, ...load }: Load & { port: number }) => void run(port, load))
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function run(port: number, load: Load): Promise<void> {
  const client = await clients[name]?.(port)
  if (!client) throw new Error(`unknown client ${name}`)
  process.send?.(await drive(client, load))
  client.close()
}
