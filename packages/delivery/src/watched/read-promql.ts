import { parser } from '@prometheus-io/lezer-promql'

/** Series that an expression asks for: a metric, and the labels that it must have to be chosen or summed up by. */
export interface Selected {
  metric: string
  labels: string[]
}

/** What an expression of PromQL asks for. Throws where it is none. Grafana's variables may stand in it. */
export function readPromql(expression: string): Selected[] {
  const text = expression.replaceAll('$__rate_interval', '5m')
  const selected: Selected[] = []
  const groupings: string[][] = []

  parser.parse(text).iterate({
    enter({ name, type, node }) {
      const textOf = (from: number, to: number) => text.slice(from, to)
      if (type.isError) throw new Error(`no PromQL: ${expression}`)
      if (name === 'AggregateExpr') groupings.push(labelsIn(node.getChild('AggregateModifier'), textOf))
      if (name !== 'VectorSelector') return
      const identifier = node.getChild('Identifier')
      if (!identifier) throw new Error(`a selector without a metric: ${expression}`)
      const matched = labelsIn(node.getChild('LabelMatchers'), textOf)
      selected.push({ metric: textOf(identifier.from, identifier.to), labels: [...matched, ...groupings.flat()] })
    },
    leave({ name }) {
      if (name === 'AggregateExpr') groupings.pop()
    },
  })
  return selected
}

type Node = Parameters<NonNullable<Parameters<ReturnType<typeof parser.parse>['iterate']>[0]['enter']>>[0]['node']

function labelsIn(node: Node | null, textOf: (from: number, to: number) => string): string[] {
  const labels: string[] = []
  node?.cursor().iterate((each) => {
    if (each.name === 'LabelName') labels.push(textOf(each.from, each.to))
  })
  return labels
}
