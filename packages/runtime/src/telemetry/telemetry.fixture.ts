import { trace } from '@opentelemetry/api'
import { type Static, Type } from 'typebox'
import { createLog, logSettings } from '../log.ts'
import { durationSetting, readSettings } from '../settings.ts'
import { startProcess } from '../start-process.ts'
import { startTelemetry, telemetrySettings } from './telemetry.ts'

const schema = Type.Object({ ...logSettings, ...telemetrySettings, FLUSH_MS: durationSetting(200) })

/** A process for the test that logs a line outside a span and one within, and runs until it is stopped. */
await startProcess('fixture', () => {
  const settings = readSettings(schema, process.env)
  return { stopWithinMs: 10_000, start: () => start(settings) }
})

async function start(settings: Static<typeof schema>) {
  const log = createLog('fixture', settings)
  const telemetry = await startTelemetry(settings, {
    name: 'fixture',
    version: '1.2.3',
    log,
    flushMs: settings.FLUSH_MS,
  })

  log.info('outside')
  trace.getTracer('fixture').startActiveSpan('work', (span) => {
    log.info({ isRecording: span.isRecording() }, 'within')
    span.end()
  })
  const alive = setInterval(() => {}, 1_000)

  return {
    async stop() {
      clearInterval(alive)
      await telemetry.stop()
      log.info('stopped')
    },
  }
}
