import { runProcess } from '@books/runtime/testing'
import { startEventsReceiver } from './events-receiver.fixture.ts'
import { describeProvider } from './provider-contract.fixture.ts'
import type { ProviderUnderTest } from './provider-under-test.fixture.ts'
import { createSandboxProvider } from './sandbox-provider.ts'

const key = 'a key of the tests of the adapters'
const program = new URL('../../../payment-sandbox/src/main.ts', import.meta.url)

describeProvider('the sandbox', startSandbox)

/** The sandbox itself, as a process of its own. */
async function startSandbox(): Promise<ProviderUnderTest> {
  const receiver = await startEventsReceiver()
  const { child, ended, prints } = runProcess(program, {
    ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR: 'memory://', LOG_FORMAT: 'json', PAYMENT_SANDBOX_KEY: key },
    ...{ WEBHOOK_URL: receiver.url, ANSWER_DELAY_MS: '86400000' },
  })
  const [, port] = await prints(/"port":(\d+).*payment-sandbox answers/)
  const url = `http://127.0.0.1:${port}`
  const choose = async (id: string, outcome: string) => {
    const body = new URLSearchParams({ outcome })
    const { status } = await fetch(`${url}/pay/${id}`, { method: 'POST', body, redirect: 'manual' })
    if (status !== 303) throw new Error(`the page answered ${status}`)
  }
  return {
    url,
    createAdapter: async ({ now = () => new Date(), ...options }) => createSandboxProvider({ key, now, ...options }),
    choose: ({ id }, outcome) => choose(id, outcome),
    payAndHoldCapture: ({ id }) => choose(id, 'answer-late'),
    async captureRuns({ id }) {
      // Its page is not late.
      while (!(await (await fetch(`${url}/pay/${id}`)).text()).includes('It is paid.'));
    },
    nextEvent: (orderId) => receiver.waitFor(orderId),
    async countPayments(orderId) {
      const headers = { authorization: `Bearer ${key}` }
      const response = await fetch(`${url}/v1/payments?order_id=${orderId}`, { headers })
      return ((await response.json()) as { payments: unknown[] }).payments.length
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      await receiver[Symbol.asyncDispose]()
    },
  }
}
