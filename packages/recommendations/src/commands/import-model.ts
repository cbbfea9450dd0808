import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { buildModel } from '../exchange/model-entries.ts'
import { readEntries } from '../exchange/read-entries.ts'
import { loadState } from '../load-state.ts'
import { encodeModel } from '../model/model-file.ts'
import { recommendations } from '../service.ts'
import { storeModel } from '../snapshot/store-model.ts'

const help = `Takes a model that was trained elsewhere.

  import-model <model.csv | model.parquet>

The columns are source,target,weight: how strongly a like of one book predicts a like of another, by the ids of the books; weights are
above 0. A reader's score for a book is the sum over the books that they like. While it is the newest model the service does not train;
\`train\` takes it out of use. Stop a service that uses the folder of DATA_DIR first; services on a database server use it within seconds.`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: [file, ...others] }) {
    if (!file || others.length > 0) throw new StartError(help)
    await using opened = await openData(recommendations, { command: 'import-model', env: process.env })
    const { settings, log } = opened
    const state = await loadState(opened, settings, log)
    const lease = await state.models.acquireLease()
    if (!lease) throw new StartError('another process trains for the same store; wait for it')
    try {
      const { itemIds } = state.first.bookIndex
      const { model, leftOut } = await buildModel(readEntries(file), itemIds, await state.readers.pack())
      if (model.ids.length === 0) throw new StartError(`${file}: no entry is of two books of the store`)
      const name = await storeModel(state, encodeModel(model, itemIds), lease)
      console.log(
        `read: ${model.ids.length} weights; ${leftOut} left out, whose books are not in the store or that are too small`,
      )
      console.log(`wrote: ${name}`)
    } finally {
      await lease.release()
    }
  },
})
