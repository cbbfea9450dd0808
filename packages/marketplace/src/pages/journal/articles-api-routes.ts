import type { Article } from '@books/proto'
import { httpStatusOf, RpcError } from '@books/rpc'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { routes } from '../paths.ts'
import { retryLater } from '../retry-later.ts'

const count = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, default: 0 })
const query = Type.Object({ page: count, page_size: count })

/** The journal as JSON, with the names and rules of the contract. */
export function articlesApiRoutes({ articles }: Backends) {
  return async (app: FastifyInstance) => {
    app.setErrorHandler(sendError)

    app.get<{ Querystring: Static<typeof query> }>(
      routes.articlesApi,
      { schema: { querystring: query } },
      async (request, reply) => {
        const { page, page_size: pageSize } = request.query
        // Normalized by the contract's defaults, so that equal requests share a cached answer.
        const answer = await articles.articleList({ page: page || 1, pageSize: Math.min(pageSize || 10, 100) })
        // A page shows a notice instead; a program cannot read one.
        if (!answer.value) return retryLater(reply).send({ error: 'The journal is out of reach' })
        return { articles: answer.value.articles.map(toJson), total: answer.value.total }
      },
    )
  }
}

function toJson({ id, title, content, createTime, author, summary }: Article) {
  return { id, title, content, create_time: createTime, author, summary }
}

async function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const code = error instanceof RpcError ? httpStatusOf(error) : (error.statusCode ?? 500)
  if (code >= 500) request.log.error({ err: error }, 'the API failed')
  return reply.code(code).send({ error: code >= 500 ? 'The fault is ours' : error.message })
}
