import { choiceOption, choicesOption, numberOption, runCommand } from './index.ts'

// Prints its options and arguments.
await runCommand({
  help: 'Prints what it was given.',
  options: {
    rounds: numberOption(3),
    seconds: numberOption(0.5, { least: 0, isWhole: false }),
    port: numberOption(undefined, { least: 0, most: 65_535 }),
    side: choiceOption(['server', 'client', 'both'], 'both'),
    page: choicesOption(['home', 'cart'], ['home']),
    reason: choiceOption(['lost', 'found']),
    json: { type: 'boolean', default: false },
    bug: { type: 'boolean', default: false },
  },
  takesArguments: process.env['TAKES_ARGUMENTS'] === 'true',
  async run(given) {
    if (given.values.bug) throw new RangeError('a bug')
    console.log(JSON.stringify(given))
  },
})
