import { raise, unimplemented } from '../../src/call/rpc-error.ts'
import { service } from '../../src/call/service.ts'
import { startServer } from '../../src/server/server.ts'
import { type Tree, TreeServiceService } from '../gen/books/fuzz/v1/tree.ts'
import { memory } from '../memory.fixture.ts'

// A server in a process of its own, as the target of fuzzing.
const complaints: string[] = []
const log = {
  info() {},
  error: (fields: object, message: string) => complaints.push(`${message}: ${JSON.stringify(fields)}`),
}
process.on('warning', (warning) => complaints.push(String(warning)))

const trees = service(TreeServiceService, {
  async count({ tree }) {
    return { leaves: leavesOf(tree ?? raise(unimplemented('There is no tree'))), tree }
  },
  async *countEach(requests) {
    for await (const { tree } of requests) yield { leaves: tree ? leavesOf(tree) : 0 }
  },
})
const server = await startServer({ address: '127.0.0.1:0', log, services: [trees] })

process.on('message', (question) => {
  if (question === 'port') process.send?.(server.port)
  if (question === 'memory') process.send?.(memory())
  if (question === 'complaints') process.send?.(complaints)
})
process.on('disconnect', () => process.exit())

/** Counts without recursion: a tree can be deeper than the stack. */
function leavesOf(tree: Tree): number {
  let leaves = 0
  const left = [tree]
  for (let next = left.pop(); next; next = left.pop()) {
    const { branches, graft, named } = next
    const children = [...branches, ...(graft ? [graft] : []), ...Object.values(named)]
    if (children.length === 0) leaves++
    for (const child of children) left.push(child)
  }
  return leaves
}
