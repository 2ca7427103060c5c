// Twilio's Content API: its list with the approvals, one content, and what is made and submitted from here.
import type { Twilio } from 'twilio'
import type { ContentCreateRequest } from 'twilio/lib/rest/content/v1/content.js'
import type { Clock } from '../clock.ts'
import type { Asked, Gateway, NewContent } from '../outbox/gateway.ts'
import type { ClockGauge } from './clock-gauge.ts'
import { holds, readApproval, readContent, readKind } from './content-state.ts'
import { describe, isRefusal, retryAfterOf, shapeOf, unreadable } from './error-shape.ts'

/** Twilio gives up to 1,000 at once; half of them already is a megabyte. */
const PAGE = 500
/** Contents of one name: each language and each try has one. */
const OF_ONE_NAME = 200

type ContentCalls = Pick<Gateway, 'contentState' | 'listContents' | 'findContent' | 'createContent' | 'askApproval'>

const undecided = { status: 'unsubmitted', category: null, rejection: null } as const

export function contentCalls(connect: () => Promise<Twilio>, clock: Clock, gauge: ClockGauge): ContentCalls {
  async function asked<T>(ask: (twilio: Twilio) => Promise<T>): Promise<Asked<T>> {
    try {
      return { kind: 'done', value: await ask(await connect()) }
    } catch (error) {
      const { status, message } = shapeOf(error)
      if (isRefusal(status)) return { kind: 'refused', detail: message ?? describe(error) }
      return { kind: 'later', retryAfterMs: retryAfterOf(error), detail: describe(error) }
    }
  }

  return {
    async contentState(contentSid) {
      try {
        const content = (await connect()).content.v1.contents(contentSid)
        const [{ types }, { whatsapp }] = await Promise.all([content.fetch(), content.approvalFetch().fetch()])
        return { ...readKind(types), ...(readApproval(whatsapp) ?? undecided) }
      } catch (error) {
        if (shapeOf(error).status === 404) return null
        throw unreadable(error, 'contents')
      }
    },

    async listContents(page) {
      try {
        const twilio = await connect()
        const readAt = clock.now() + gauge.aheadMs()
        const { contentAndApprovals } = twilio.content.v1
        const found = await (page === null ? contentAndApprovals.page({ pageSize: PAGE }) : contentAndApprovals.getPage(page))
        const items = found.instances.map(readContent)
        return {
          items: items.filter((one) => one !== null),
          sids: found.instances.map(({ sid }) => sid),
          next: found.nextPageUrl ?? null,
          readAt,
        }
      } catch (error) {
        throw unreadable(error, 'contents')
      }
    },

    async findContent({ friendlyName, language, types }) {
      try {
        const twilio = await connect()
        const found = await twilio.content.v2.contentAndApprovals.list({ contentName: friendlyName, limit: OF_ONE_NAME })
        const ours = found.find(
          (one) =>
            one.friendlyName === friendlyName &&
            one.language === language &&
            holds(one.types, types) &&
            (readApproval(one.approvalRequests)?.status ?? 'unsubmitted') === 'unsubmitted',
        )
        return ours?.sid ?? null
      } catch (error) {
        throw unreadable(error, 'contents')
      }
    },

    createContent: (content) => asked(async (twilio) => (await twilio.content.v1.contents.create(asTwilioWritesIt(content))).sid),

    askApproval: (contentSid, wanted) =>
      asked(async (twilio) => {
        const { status, category, rejectionReason } = await twilio.content.v1.contents(contentSid).approvalCreate.create(wanted)
        const told = readApproval({ status, category, rejection_reason: rejectionReason })
        return told ?? undecided
      }),
  }
}

/** The SDK sends this as it is given, though its type names the fields otherwise. */
function asTwilioWritesIt({ friendlyName, language, variables, types }: NewContent): ContentCreateRequest {
  return { friendly_name: friendlyName, language, variables, types } as unknown as ContentCreateRequest
}
