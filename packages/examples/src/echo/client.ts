import { EchoService } from '@books/proto'
import { runClient } from '../run-client.ts'
import { echo as definition } from './service.ts'

await runClient({
  name: 'echo',
  service: EchoService,
  port: definition.port,
  env: process.env,
  async run(echo, words) {
    const { message } = await echo.reply({ message: words.join(' ') || 'Good evening' })
    console.log(message)
  },
})
