import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { entriesOf } from '../exchange/model-entries.ts'
import { writeEntries } from '../exchange/write-entries.ts'
import { createModels } from '../load-state.ts'
import { decodeModel } from '../model/model-file.ts'
import { recommendations } from '../service.ts'

const help = `Writes the newest model as source,target,weight: how strongly a like of one book predicts a like of another, by the ids of
the books.

  export <model.csv | model.parquet>

Reads where DATABASE_URL, DATA_DIR or MODEL_PATH say. Stop a service that uses the folder of DATA_DIR first.`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: [file, ...others] }) {
    if (!file || others.length > 0) throw new StartError(help)
    await using opened = await openData(recommendations, { command: 'export', env: process.env })
    const { settings } = opened
    const [newest] = await Array.fromAsync(createModels(opened, settings).listModels())
    if (!newest) throw new StartError('there is no model yet: run `train` first')

    const { model, itemIds } = decodeModel(newest.bytes)
    await writeEntries(file, entriesOf(model, itemIds))
    const count = model.solvedCounts.reduce((sum, length) => sum + length, 0)
    console.log(`wrote: ${count} weights of ${newest.name} to ${file}`)
  },
})
