import { BookCategory, type RecommendationsService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { homePage } from './home-page.ts'
import { paths } from './paths.ts'

// Until visitors have names, everybody is the first reader.
const visitor = 1

/** The front page. Opens with or without recommendations. */
export function homeRoutes(recommendations: Client<typeof RecommendationsService>) {
  return async (app: FastifyInstance) => {
    app.get(paths.home, async (request, reply) => {
      const picks = await findPicks(recommendations, request.log)
      return reply.viewAsync('home.hbs', homePage(picks))
    })
  }
}

async function findPicks(recommendations: Client<typeof RecommendationsService>, log: FastifyBaseLogger) {
  try {
    const answer = await recommendations.recommend({ userId: visitor, category: BookCategory.MYSTERY, maxResults: 3 })
    return answer.recommendations
  } catch (err) {
    log.warn({ err }, 'the front page opens without recommendations')
    return undefined
  }
}
