import { ModerationAction, type Report, type ReportedReview, ReportReason, ReviewsServiceService } from '@books/proto'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { dependency } from '@books/service'
import { callAsStaff, whereHelpOf } from '@books/service/commands'

const name = 'reviews'
// The port is that of the service, which would load all that it is made of.
const reviews = dependency(ReviewsServiceService, { port: 50_060 })

const help = `Shows reviews that readers reported, and decides on them. The writer gets the reason by mail.

  run moderate list                          lists those that wait for a decision, the first reported first
  run moderate hide <id> --reason <text>     hides a review from all but its writer
  run moderate restore <id> --reason <text>  shows it again; those who reported it cannot report it again
  run moderate delete <id> --reason <text>   deletes it

A reason has 1 to 500 characters. A review that was not hidden is restored without a mail.

${whereHelpOf(name, reviews)}`

const actions = new Map<string, ModerationAction>([
  ['hide', ModerationAction.MODERATION_ACTION_HIDE],
  ['restore', ModerationAction.MODERATION_ACTION_RESTORE],
  ['delete', ModerationAction.MODERATION_ACTION_DELETE],
])
const done = new Map([
  ['hide', 'hidden'],
  ['restore', 'shown'],
  ['delete', 'deleted'],
])

await runCommand({
  help,
  options: { reason: { type: 'string' } },
  takesArguments: true,
  async run({ values: { reason }, positionals: [what = '', id, ...others] }) {
    if (what === 'list' && id === undefined && reason === undefined) return list()
    const action = actions.get(what)
    if (action === undefined || id === undefined || reason === undefined || others.length > 0)
      throw new StartError(help)
    await callAsStaff(name, reviews, process.env, (client) => client.moderateReview({ reviewId: id, action, reason }))
    console.log(`${id}: ${done.get(what)}`)
  },
})

async function list(): Promise<void> {
  await callAsStaff(name, reviews, process.env, async (client) => {
    let isEmpty = true
    for (let pageToken = ''; ; ) {
      const page = await client.listReported({ pageToken })
      for (const reported of page.reviews) console.log(linesOf(reported))
      isEmpty &&= page.reviews.length === 0
      pageToken = page.nextPageToken
      if (pageToken === '') break
    }
    if (isEmpty) console.log('no review waits for a decision')
  })
}

function linesOf({ review, readerId, reports }: ReportedReview): string {
  if (!review) return ''
  const { id, bookId, stars, title, text, isHidden } = review
  const writer = readerId > 0 ? `reader ${readerId}` : 'no account'
  return [
    `${id}  book ${bookId}  ${stars} of 5 stars  ${writer}  ${isHidden ? 'hidden' : 'shown'}`,
    ...[title, ...text.split('\n')].filter((line) => line !== '').map((line) => `  | ${line}`),
    ...reports.map(lineOf),
    ...(reports.length === 0 ? ['  written again after it was hidden'] : []),
    '',
  ].join('\n')
}

function lineOf({ reason, comment, reportedAt }: Report): string {
  const [key = ''] = Object.entries(ReportReason).find(([, value]) => value === reason) ?? []
  const words = key.replace('REPORT_REASON_', '').toLowerCase().replace('_', ' ')
  return `  ${reportedAt?.toISOString()}  ${words}${comment === '' ? '' : `: ${comment.replaceAll('\n', ' ')}`}`
}
