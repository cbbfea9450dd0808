import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Programs that stand for docker, kind and kubectl. */
export interface FakeTools {
  /** What they were asked, in order. */
  listCalls(): string[]
  /** The last thing that one of them was given to read. */
  inputOf(tool: string): Record<string, unknown>
}

/**
 * Writes programs into a folder that note what they are asked and answer as the real ones would. CLUSTERS is what kind says
 * there is; a call that has FAILS in it fails.
 */
export function createFakeTools(folder: string, tools: readonly string[]): FakeTools {
  const calls = join(folder, 'calls')
  for (const tool of tools) writeFileSync(join(folder, tool), scriptOf(folder, tool), { mode: 0o755 })
  return {
    listCalls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    inputOf: (tool) => JSON.parse(readFileSync(join(folder, `${tool}.input`), 'utf8')),
  }
}

const overlay = fileURLToPath(new URL('fake-overlay.fixture.yaml', import.meta.url))

function scriptOf(folder: string, tool: string): string {
  return `#!/bin/sh
call="${tool} $*"
echo "$call" >>'${folder}/calls'
case "$call" in *"\${FAILS:-nothing}"*) echo >&2 'a complaint'; exit 1 ;; esac
case "$call" in
  *' -') IFS= read -r input; echo "$input" >'${folder}/${tool}.input' ;;
  'docker image inspect --format'*) echo sha256:feedbadc0ffe0123456789 ;;
  'docker port'*) echo 127.0.0.1:5055 ;;
  'kind get clusters') echo "$CLUSTERS" ;;
  'kubectl version'*) echo '{"kustomizeVersion":"v5.5.0"}' ;;
  'kubectl kustomize'*) while IFS= read -r line; do echo "$line"; done <'${overlay}' ;;
esac
`
}
