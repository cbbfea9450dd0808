import { runCommand } from '../commands/index.ts'
import { databaseTemplate } from './database-template.ts'
import { makeDatabaseTemplate } from './make-database-template.ts'

const help = 'Sets up an empty embedded database once, for every process that begins with one.'

await runCommand({ help, options: {}, run: () => makeDatabaseTemplate(databaseTemplate) })
