import { parentPort, workerData } from 'node:worker_threads'
import type { Model } from '../model/model.ts'
import type { Training } from './training.ts'
import { runTraining } from './training.ts'
import type { Progress, TeamControl } from './worker-pool.ts'
import { joinTeam, TeamCancelled } from './worker-pool.ts'

/** What a thread is started with. */
export interface TrainingWorkerData {
  readonly control: TeamControl
  readonly member: number
  readonly training: Training
}

/** What a thread tells. */
export type TrainingMessage = { progress: Progress } | { model: Model }

const { control, member, training } = workerData as TrainingWorkerData

function tell(message: TrainingMessage) {
  const arrays = 'model' in message ? Object.values(message.model).filter(ArrayBuffer.isView) : []
  // Moved, not copied: a large model would otherwise be held twice.
  parentPort!.postMessage(
    message,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  )
}

try {
  const model = runTraining(
    joinTeam(control, member, (progress) => tell({ progress })),
    training,
  )
  if (model) tell({ model })
} catch (error) {
  if (!(error instanceof TeamCancelled)) throw error
}
