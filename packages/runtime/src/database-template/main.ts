import { runCommand } from '../commands/index.ts'
import { databaseTemplate } from './database-template.ts'
import { makeDatabaseTemplate } from './make-database-template.ts'

const help = 'Sets up an empty embedded database as a template for every new one.'

await runCommand({ help, options: {}, run: () => makeDatabaseTemplate(databaseTemplate) })
