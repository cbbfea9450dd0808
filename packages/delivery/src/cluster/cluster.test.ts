import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProcess } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { hasKubectl, renderOverlay } from '../kubernetes/render-overlay.ts'
import { findNamed } from '../kubernetes/resources.ts'
import { createFakeTools } from './fake-tools.fixture.ts'
import { shopNodePort } from './kind-cluster.ts'

const program = new URL('main.ts', import.meta.url)
const made = 'books/articles:feedbadc0ffe'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'books-cluster-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the cluster', () => {
  it('is made, given the images that were built, and waited for, databases first', async () => {
    const { code, stdout, listCalls } = await run(['up'], { STORE_PORT: '5055' })

    expect([code, stdout]).toEqual([0, 'The store is open on http://localhost:5055. `make cluster-down` removes it.\n'])
    expect(listCalls().map((call) => call.replace('--context kind-books --namespace books ', ''))).toEqual([
      'docker version',
      'kind version',
      'kubectl version --client --output json',
      expect.stringMatching(/^kubectl kustomize .*\/overlays\/local$/),
      'docker image inspect books/articles',
      'docker image inspect --format {{.Id}} books/articles',
      `docker tag books/articles ${made}`,
      'docker image inspect postgres:18-bookworm',
      'kind get clusters',
      'kind create cluster --name books --wait 2m --config -',
      `kind load docker-image --name books ${made}`,
      'kind load docker-image --name books postgres:18-bookworm',
      'kubectl delete jobs --selector books/kind=migration --ignore-not-found',
      'kubectl --context kind-books apply --filename -',
      'kubectl rollout status statefulset/postgres --timeout=5m',
      'kubectl wait --for=condition=complete job/articles-migrate --timeout=5m',
      'kubectl rollout status deployment/articles --timeout=5m',
      'docker port books-control-plane 30500/tcp',
    ])
  })

  it('opens the shop on a port of this machine, and runs what was built by its content', async () => {
    const { inputOf } = await run(['up'], { STORE_PORT: '5055' })

    expect(inputOf('kind')).toMatchObject({
      nodes: [{ extraPortMappings: [{ containerPort: shopNodePort, hostPort: 5_055, listenAddress: '127.0.0.1' }] }],
    })
    const podOf = (image: string) => ({
      spec: { template: { spec: { containers: [expect.objectContaining({ image })] } } },
    })
    expect(inputOf('kubectl')['items']).toMatchObject([made, made, 'postgres:18-bookworm'].map(podOf))
  })

  it('that is there is used again', async () => {
    const { code, listCalls } = await run(['up'], { CLUSTERS: 'other\nbooks' })

    expect(code).toBe(0)
    expect(listCalls()).not.toContainEqual(expect.stringMatching(/^kind create/))
  })

  it('is not begun where something is missing, and all that is missing is named', async () => {
    const { code, stderr } = await run(['up'], {}, ['docker'])

    expect([code, stderr.split('\n')]).toEqual([
      1,
      [
        'a cluster on this machine needs',
        expect.stringContaining('kind: https'),
        expect.stringContaining('kubectl'),
        '',
      ],
    ])
  })

  it('is not begun where the engine does not run', async () => {
    const { code, stderr } = await run(['up'], { FAILS: 'docker version' })

    expect([code, stderr]).toEqual([1, expect.stringContaining('Docker, with an engine that runs')])
  })

  it('is not begun where nothing was built', async () => {
    const { code, stderr, listCalls } = await run(['up'], { FAILS: 'image inspect books/articles' })

    expect([code, stderr]).toEqual([1, 'not built yet: books/articles. `make docker` builds them.\n'])
    expect(listCalls()).not.toContainEqual(expect.stringMatching(/^kind create/))
  })

  it('says what a tool complains of', async () => {
    const { code, stderr } = await run(['up'], { FAILS: 'kind create' })

    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('kind create cluster --name books --wait 2m --config -: a complaint'),
    ])
  })

  it('goes on without an image that kind cannot read, if the node can fetch it', async () => {
    const { code } = await run(['up'], { FAILS: 'kind load docker-image --name books postgres' })

    expect(code).toBe(0)
  })

  it('that does not become ready says where to look', async () => {
    const { code, stderr } = await run(['up'], { FAILS: 'job/articles-migrate' })

    expect([code, stderr]).toEqual([1, expect.stringContaining('--namespace books logs job/articles-migrate')])
  })

  it('is removed, and missed by nobody', async () => {
    const there = await run(['down'], { CLUSTERS: 'books' })
    const gone = await run(['down'])

    expect([there.stdout, gone.stdout]).toEqual(['The cluster is removed.\n', 'There is no cluster.\n'])
    expect(gone.listCalls().filter((call) => call === 'kind delete cluster --name books')).toHaveLength(1)
  })

  it('takes no other word', async () => {
    expect(await run(['upp'])).toMatchObject({ code: 1, stderr: expect.stringContaining('cluster up') })
  })
})

;(hasKubectl() ? it : it.skip)('leads from the port of the node to the shop', () => {
  const shop = findNamed(renderOverlay('local'), 'Service', 'marketplace')?.spec

  expect([shop?.type, shop?.ports?.[0]?.nodePort]).toEqual(['NodePort', shopNodePort])
})

async function run(args: string[], env: Record<string, string> = {}, tools = ['docker', 'kind', 'kubectl']) {
  const fakes = createFakeTools(folder, tools)
  return { ...fakes, ...(await runProcess(program, { PATH: folder, ...env }, args).ended) }
}
