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
    const snippets = words.length === 0 ? tour : await Promise.all(words.map(snippetOf))
    for (const sourceCode of snippets) {
      console.log(`> ${sourceCode.trimEnd().replaceAll('\n', '\n  ')}`)
      const { resp } = await exec.exec({ sourceCode })
      const { output, error } = JSON.parse(resp) as { output: string; error: string }
      process.stdout.write(output)
      console.log(error ? `! ${error}\n` : '')
    }
  },
})

/** What was typed is a snippet itself; `-` stands for the one on standard input. */
async function snippetOf(word: string): Promise<string> {
  return word === '-' ? text(process.stdin) : word
}
