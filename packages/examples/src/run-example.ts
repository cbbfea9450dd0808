import { globSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Runs a program of the example that the first argument names. Every folder beside this file that has the program is an
 * example. Without a name, or with an unknown one, it lists the examples.
 */
export async function runExample(command: 'start' | 'client', program: 'main.ts' | 'client.ts'): Promise<void> {
  const examples = globSync(`*/${program}`, { cwd: import.meta.dirname })
    .map(dirname)
    .sort()
  // The program reads its own arguments, so the name is removed from them.
  const [name = ''] = process.argv.splice(2, 1)

  if (examples.includes(name)) await import(`./${name}/${program}`)
  else if (name === '--help' || name === '-h') console.log(helpOf(command, examples))
  else {
    console.error(`${name ? `There is no example ${name}.` : 'Which example?'}\n\n${helpOf(command, examples)}`)
    process.exitCode = 1
  }
}

function helpOf(command: string, examples: readonly string[]): string {
  const lines = examples.map((name) => `  npx pnpm@12.21.0 --filter @books/examples ${command} ${name}`)
  return `${lines.join('\n')}\n\nPORT is the port${command === 'client' ? ' and HOST the machine to call' : ' to listen on'}.`
}
