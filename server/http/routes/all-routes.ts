// Every call of the API that needs a token, in the order in which they are matched.
import type { Route } from '../route.ts'
import { automationRoutes } from './automations.ts'
import { campaignRoutes } from './campaigns.ts'
import { contactListRoutes } from './contact-lists.ts'
import { contactRoutes } from './contacts.ts'
import { conversationRoutes } from './conversations.ts'
import { coordinationRoutes } from './coordinations.ts'
import { meRoutes } from './me.ts'
import { mediaRoutes } from './media.ts'
import { messageRoutes } from './messages.ts'
import { optOutRoutes } from './opt-outs.ts'
import { organizationRoutes } from './organization.ts'
import { rateRoutes } from './rates.ts'
import { teamRoutes } from './team.ts'
import { templateRoutes } from './templates.ts'
import { webhookRoutes } from './webhooks.ts'
import { whatsappRoutes } from './whatsapp.ts'

export const allRoutes: readonly Route[] = [
  ...messageRoutes,
  ...mediaRoutes,
  ...conversationRoutes,
  ...contactRoutes,
  ...contactListRoutes,
  ...optOutRoutes,
  ...coordinationRoutes,
  ...automationRoutes,
  ...campaignRoutes,
  ...rateRoutes,
  ...teamRoutes,
  ...organizationRoutes,
  ...templateRoutes,
  ...meRoutes,
  ...webhookRoutes,
  ...whatsappRoutes,
]
