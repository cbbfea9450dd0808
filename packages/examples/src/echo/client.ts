import { EchoService } from '@books/proto'
import { runClient } from '../run-client.ts'
import { defaultPort } from './settings.ts'

await runClient({
  name: 'echo',
  service: EchoService,
  port: defaultPort,
  env: process.env,
  async run(echo, words) {
    const { message } = await echo.reply({ message: words.join(' ') || 'Good evening' })
    console.log(message)
  },
})
