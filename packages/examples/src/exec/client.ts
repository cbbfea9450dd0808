import { text } from 'node:stream/consumers'
import { MockExecService } from '@books/proto'
import { runClient } from '../run-client.ts'
import { exec as definition } from './service.ts'

const tour = [
  'print("Hello from", 6 * 7, [1, { two: 2n }], new Set("abc"))',
  'const later = await Promise.resolve("later"); print(later)',
  'null.title',
  'print(typeof process, typeof require, typeof fetch)',
  'for (const shelves = []; ; ) shelves.push("books".repeat(1000))',
  'print("round"); while (true);',
]

await runClient({
  name: 'exec',
  service: MockExecService,
  port: definition.port,
  env: process.env,
  async run(exec, words) {
    for (const word of words.length > 0 ? words : tour) {
      const sourceCode = word === '-' ? await text(process.stdin) : word
      console.log(`> ${sourceCode.trimEnd().replaceAll('\n', '\n  ')}`)
      const { resp } = await exec.exec({ sourceCode })
      const { output, error } = JSON.parse(resp) as { output: string; error: string }
      process.stdout.write(output)
      console.log(error ? `! ${error}\n` : '')
    }
  },
})
