// The tables. Times are ms since the epoch; `feed` is the number of the write that changed a row last.
// JSON is kept only for what is never searched; NULL columns at the end of a row cost a byte each.

/** The condition of a message that waits for Twilio, word for word as its partial indexes need it. */
export const openMessage = "twilio_sid IS NULL AND status IN ('queued', 'sending', 'unconfirmed')"

export const version1 = `
CREATE TABLE feed (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  value INTEGER NOT NULL,
  store_id TEXT NOT NULL
) STRICT;

CREATE TABLE contacts (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_source TEXT NOT NULL CHECK (name_source IN ('phone', 'profile', 'record', 'agent')),
  external_id TEXT,
  attributes TEXT NOT NULL DEFAULT '{}',
  tags TEXT NOT NULL DEFAULT '[]',
  conflict_id TEXT,
  rev INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX contacts_by_name ON contacts (org_id, name COLLATE NOCASE, id);

CREATE TABLE contact_keys (
  org_id TEXT NOT NULL,
  key TEXT NOT NULL,
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  PRIMARY KEY (org_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_keys_by_contact ON contact_keys (contact_id);

CREATE TABLE contact_addresses (
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  phone TEXT,
  preferred INTEGER NOT NULL,
  PRIMARY KEY (contact_id, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE coordinations (
  org_id TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  contact TEXT NOT NULL,
  starts_at TEXT,
  timezone TEXT,
  status TEXT NOT NULL,
  agent_id TEXT,
  agent_name TEXT,
  data TEXT NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coordinations_by_update ON coordinations (org_id, updated_at, id);

CREATE TABLE coordination_phones (
  org_id TEXT NOT NULL,
  key TEXT NOT NULL,
  coordination_id TEXT NOT NULL,
  PRIMARY KEY (org_id, key, coordination_id),
  FOREIGN KEY (org_id, coordination_id) REFERENCES coordinations (org_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coordination_phones_by_record ON coordination_phones (org_id, coordination_id);

-- One of our senders and one address: window, opt-out and order of sending belong to it.
CREATE TABLE lines (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  sender TEXT NOT NULL,
  key TEXT NOT NULL,
  address TEXT NOT NULL,
  phone TEXT,
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  last_inbound_at INTEGER,
  opted_out_at INTEGER,
  -- Whether anything was ever sent or filed, and the record of the last of it.
  has_record INTEGER NOT NULL DEFAULT 0,
  last_record TEXT,
  -- Place of the last message that entered the outbox on this line.
  entered INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX lines_by_key ON lines (org_id, channel, sender, key);
CREATE INDEX lines_by_contact ON lines (contact_id);

CREATE TABLE conversations (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  sender TEXT NOT NULL,
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  line_id TEXT NOT NULL REFERENCES lines (id),
  coordination_id TEXT,
  hint_id TEXT,
  status TEXT NOT NULL DEFAULT 'open',
  snoozed_until INTEGER,
  assignee_id TEXT,
  assignee_name TEXT,
  tags TEXT NOT NULL DEFAULT '[]',
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_message_id TEXT,
  -- Status of that message as last told: a claim alone tells nobody.
  last_status TEXT,
  inbound_count INTEGER NOT NULL DEFAULT 0,
  answered_count INTEGER NOT NULL DEFAULT 0,
  awaiting_since INTEGER,
  activity_at INTEGER,
  rev INTEGER NOT NULL DEFAULT 1,
  feed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversations_once ON conversations (org_id, channel, sender, contact_id, ifnull(coordination_id, ''));
CREATE INDEX conversations_by_activity ON conversations (org_id, activity_at, id) WHERE activity_at IS NOT NULL;
CREATE INDEX conversations_idle ON conversations (org_id, id) WHERE activity_at IS NULL;
CREATE INDEX conversations_waiting ON conversations (org_id, awaiting_since, id) WHERE awaiting_since IS NOT NULL;
CREATE INDEX conversations_unanswered ON conversations (org_id, activity_at, id, inbound_count, answered_count)
  WHERE inbound_count > answered_count;
CREATE INDEX conversations_by_record ON conversations (org_id, coordination_id, activity_at, id);
CREATE INDEX conversations_by_contact ON conversations (contact_id, activity_at, id);
CREATE INDEX conversations_by_assignee ON conversations (org_id, assignee_id, activity_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_by_hint ON conversations (org_id, hint_id) WHERE hint_id IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversations_by_feed ON conversations (org_id, feed);

CREATE TABLE messages (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  coordination_id TEXT,
  seq INTEGER,
  -- Inbound messages of the conversation up to and with this one: what reading up to here counts.
  ordinal INTEGER NOT NULL,
  direction TEXT NOT NULL,
  type TEXT NOT NULL,
  channel TEXT NOT NULL,
  author_type TEXT NOT NULL,
  author_id TEXT,
  author_name TEXT NOT NULL,
  text TEXT NOT NULL,
  extra TEXT,
  status TEXT NOT NULL,
  twilio_sid TEXT,
  created_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  feed INTEGER NOT NULL,
  reply_to_id TEXT,
  forwarded INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0,
  sensitive INTEGER NOT NULL DEFAULT 0,
  line_id TEXT,
  sender TEXT,
  entered INTEGER,
  entered_at INTEGER,
  lane INTEGER,
  cost REAL,
  content TEXT,
  key TEXT,
  client_message_id TEXT,
  retry_of TEXT,
  fallback_of TEXT,
  due_at INTEGER,
  expires_in INTEGER,
  expires_at INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0,
  claimed_at INTEGER,
  first_claimed_at INTEGER,
  lease_until INTEGER,
  fence INTEGER,
  not_before INTEGER,
  delay TEXT,
  error TEXT,
  sent_at INTEGER,
  delivered_at INTEGER,
  read_at INTEGER,
  failed_at INTEGER,
  price TEXT
) STRICT;
CREATE UNIQUE INDEX messages_by_seq ON messages (conversation_id, seq) WHERE seq IS NOT NULL;
CREATE UNIQUE INDEX messages_by_sid ON messages (org_id, twilio_sid) WHERE twilio_sid IS NOT NULL;
CREATE UNIQUE INDEX messages_by_key ON messages (org_id, key) WHERE key IS NOT NULL;
CREATE INDEX messages_by_feed ON messages (conversation_id, feed);
CREATE INDEX messages_by_time ON messages (conversation_id, created_at, id);
CREATE INDEX messages_log ON messages (org_id, created_at, id);
CREATE INDEX messages_open ON messages (line_id, entered) WHERE ${openMessage};
CREATE INDEX messages_open_by_sender ON messages (org_id, channel, sender, entered_at) WHERE ${openMessage};
CREATE INDEX messages_in_flight ON messages (org_id, sender) WHERE twilio_sid IS NULL AND status = 'sending';
CREATE INDEX messages_due ON messages (due_at, id) WHERE status = 'scheduled';

-- Status callbacks that came before their SID was known.
CREATE TABLE callbacks (
  org_id TEXT NOT NULL,
  twilio_sid TEXT NOT NULL,
  status TEXT NOT NULL,
  report TEXT NOT NULL,
  held_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, twilio_sid, status)
) STRICT, WITHOUT ROWID;
CREATE INDEX callbacks_by_age ON callbacks (held_at);

CREATE TABLE readers (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  agent_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  read_count INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  feed INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX readers_by_feed ON readers (org_id, agent_id, feed);

-- What left one record for another: a scoped caller cannot learn it from the conversations that remain.
CREATE TABLE departures (
  feed INTEGER NOT NULL,
  org_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  from_record TEXT,
  to_record TEXT,
  erased INTEGER NOT NULL
) STRICT;
CREATE INDEX departures_by_feed ON departures (org_id, feed);

CREATE TABLE moves (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  undone_at INTEGER
) STRICT;
CREATE TABLE moved_messages (
  id INTEGER PRIMARY KEY,
  move_id TEXT NOT NULL REFERENCES moves (id),
  message_id TEXT NOT NULL REFERENCES messages (id),
  -- The 'moved' message that keeps the place.
  place_id TEXT NOT NULL REFERENCES messages (id)
) STRICT;
CREATE INDEX moved_messages_by_move ON moved_messages (move_id);
CREATE INDEX moved_messages_by_message ON moved_messages (message_id);
CREATE INDEX moved_messages_by_place ON moved_messages (place_id);

CREATE TABLE sender_leases (
  org_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  holder TEXT,
  held_until INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  PRIMARY KEY (org_id, sender)
) STRICT, WITHOUT ROWID;
`
