import { runCommand } from '../commands/index.ts'
import { blankDatabase } from './blank-database.ts'
import { makeBlankDatabase } from './make-blank-database.ts'

const help = 'Sets up an empty embedded database once, for every process that begins with one.'

await runCommand({ help, options: {}, run: () => makeBlankDatabase(blankDatabase) })
