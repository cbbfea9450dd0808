import { portSetting, readSettings, StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { Type } from 'typebox'
import { renderOverlay } from '../kubernetes/render-overlay.ts'
import { applyResources, waitsFor } from './deploy.ts'
import { nameImages } from './images.ts'
import { createKindCluster, deleteKindCluster, loadImage, shopAddress } from './kind-cluster.ts'
import { requireTools } from './require-tools.ts'

const help = `Runs the store in a Kubernetes cluster on this machine, made by kind.

  cluster up     makes the cluster, unless it is there, and deploys what \`make docker\` built
  cluster down   removes it, with its data

STORE_PORT is the port on which a new cluster opens the shop (default: 5000).`

await runCommand({
  help,
  options: {},
  async run({ positionals: [what] }) {
    if (what === 'up') up()
    else if (what === 'down') down()
    else throw new StartError(help)
  },
})

function up(): void {
  const { STORE_PORT } = readSettings(Type.Object({ STORE_PORT: portSetting(5_000) }), process.env)
  requireTools()
  const resources = renderOverlay('local')
  const images = nameImages(resources)
  const steps = [
    { name: 'making the cluster', take: () => createKindCluster(STORE_PORT) },
    ...images.map((image) => ({ name: `loading ${image}`, take: () => loadImage(image) })),
    { name: 'deploying', take: () => applyResources(resources) },
    ...waitsFor(resources).map(({ name, wait }) => ({ name: `waiting for ${name}`, take: wait })),
  ]

  const bar = createProgressBar(process.stderr)
  try {
    for (const [done, { name, take }] of steps.entries()) {
      bar.show(name, done, steps.length)
      take()
    }
  } finally {
    bar.end()
  }
  console.log(`The store is open on ${shopAddress()}. \`make cluster-down\` removes it.`)
}

function down(): void {
  requireTools()
  console.log(deleteKindCluster() ? 'The cluster is removed.' : 'There is no cluster.')
}
